import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Schema, validateSync } from '../definitions/schema.js';
import { coerceParams } from './coerce-params.js';

function coerce(schema: Schema, query: string): unknown {
  const texts = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) texts.set(name, [...(texts.get(name) ?? []), value]);
  return coerceParams(schema, texts);
}

function issuesOf(schema: Schema, query: string): unknown {
  try {
    validateSync(schema, coerce(schema, query), 'The test');
    return [];
  } catch (error) {
    return (error as { issues: { path: string; message: string }[] }).issues;
  }
}

const libraries = [
  [
    'zod',
    z.object({
      text: z.string().optional(),
      year: z.int().min(0).optional(),
      isIn: z.boolean().optional(),
      authors: z.array(z.string()).optional(),
      years: z.array(z.number()).optional(),
      range: z.object({ from: z.number(), to: z.number() }).optional(),
      sort: z.enum(['year', 'title']).optional(),
      either: z.union([z.number(), z.string()]).optional(),
    }),
  ],
  [
    'valibot',
    v.object({
      text: v.optional(v.string()),
      year: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
      isIn: v.optional(v.boolean()),
      authors: v.optional(v.array(v.string())),
      years: v.optional(v.array(v.number())),
      range: v.optional(v.object({ from: v.number(), to: v.number() })),
      sort: v.optional(v.picklist(['year', 'title'])),
      either: v.optional(v.union([v.number(), v.string()])),
    }),
  ],
] as const;

describe.each(libraries)('parameters from a URL, with %s', (_, schema) => {
  it.each([
    ['text=1984', { text: '1984' }],
    ['text=true', { text: 'true' }],
    ['text=', { text: '' }],
    ['year=1984', { year: 1984 }],
    ['year=0', { year: 0 }],
    ['isIn=true', { isIn: true }],
    ['isIn=false', { isIn: false }],
    ['authors=Orwell', { authors: ['Orwell'] }],
    ['authors=12', { authors: ['12'] }],
    ['authors=Orwell&authors=Woolf', { authors: ['Orwell', 'Woolf'] }],
    ['years=1984', { years: [1984] }],
    ['years=1984&years=1985', { years: [1984, 1985] }],
    ['years=[1984,1985]', { years: [1984, 1985] }],
    ['range={"from":1,"to":2}', { range: { from: 1, to: 2 } }],
    ['sort=year&year=7&text=7', { sort: 'year', year: 7, text: '7' }],
    ['either=5', { either: '5' }],
  ])('reads %s as the schema means it', (query, expected) => {
    expect(coerce(schema, query)).toEqual(expected);
    expect(issuesOf(schema, query)).toEqual([]);
  });

  it('reports what is wrong with a value that has the right type', () => {
    expect(coerce(schema, 'year=-5')).toEqual({ year: -5 });
    expect(issuesOf(schema, 'year=-5')).toHaveLength(1);
    expect(issuesOf(schema, 'year=-5')).toEqual([{ path: '/year', message: expect.stringMatching(/>=\s?0/) }]);
  });

  it('leaves a text that means nothing else as it is, and names every wrong field', () => {
    expect(coerce(schema, 'year=soon&isIn=perhaps&text=ok')).toEqual({ year: 'soon', isIn: 'perhaps', text: 'ok' });
    expect(issuesOf(schema, 'year=soon&isIn=perhaps&text=ok')).toMatchObject([{ path: '/year' }, { path: '/isIn' }]);
  });
});

describe('parameters from a URL', () => {
  it('finds the alternative that they fit', () => {
    const schema = z.union([
      z.object({ by: z.literal('year'), year: z.number() }),
      z.object({ by: z.literal('name'), name: z.string() }),
    ]);
    expect(coerce(schema, 'by=year&year=1984')).toEqual({ by: 'year', year: 1984 });
    expect(coerce(schema, 'by=name&name=1984')).toEqual({ by: 'name', name: '1984' });
  });

  it('keeps what fits when the whole does not', () => {
    const schema = z
      .object({ from: z.number(), to: z.number(), text: z.string() })
      .refine((p) => p.from <= p.to, 'from after to');
    expect(coerce(schema, 'from=5&to=3&text=4')).toEqual({ from: 5, to: 3, text: '4' });
    expect(issuesOf(schema, 'from=5&to=3&text=4')).toEqual([{ path: '', message: 'from after to' }]);
  });

  it('takes any name for a parameter', () => {
    const params = coerceParams(z.object({}), new Map([['__proto__', ['{"polluted":true}']]])) as {
      polluted?: unknown;
    };
    expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
    expect(Object.keys(params)).toEqual(['__proto__']);
    expect(params.polluted).toBeUndefined();
  });

  it('ends with hostile texts', () => {
    const many = new Map(Array.from({ length: 500 }, (_, i) => [`p${i}`, [`[${'['.repeat(2_000)}`]] as const));
    const schema = z.record(z.string(), z.number());
    expect(Object.keys(coerceParams(schema, many))).toHaveLength(500);
  });
});
