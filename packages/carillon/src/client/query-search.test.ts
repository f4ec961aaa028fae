import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readQueryString } from '../http/query-string.js';
import { coerceParams } from '../querying/coerce-params.js';
import { querySearch } from './query-search.js';

const schema = z.object({
  names: z.array(z.string()).optional(),
  years: z.array(z.number()).optional(),
  marks: z.array(z.string().nullable()).optional(),
  pairs: z.array(z.array(z.number())).optional(),
});

describe('lists in the URL of a query', () => {
  it.each<z.infer<typeof schema>>([
    {},
    { names: ['a'] },
    { names: ['a', 'b'] },
    { names: ['1', 'true'] },
    { names: [''] },
    { names: [] },
    { years: [] },
    { years: [1] },
    { years: [1, 2] },
    { names: ['["a"]'] },
    { names: ['[1', '[2]'] },
    { names: ['[no list'] },
    { marks: [null] },
    { marks: ['a', null] },
    { marks: ['null', 'a'] },
    { pairs: [[1, 2]] },
    { pairs: [[]] },
    {
      pairs: [
        [1, 2],
        [3, 4],
      ],
    },
  ])('are read as what they were: %o', (params) => {
    expect(coerceParams(schema, readQueryString(`/queries/Find?${querySearch(params)}`))).toEqual(params);
  });
});
