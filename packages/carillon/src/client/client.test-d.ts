import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { application } from '../definitions/application.js';
import { integer, text } from '../definitions/column.js';
import { command } from '../definitions/command.js';
import { module } from '../definitions/module.js';
import type { Answer } from '../definitions/query.js';
import { query } from '../definitions/query.js';
import { readModel } from '../definitions/read-model.js';
import type { CommandResult, Receipt } from '../definitions/receipt.js';
import type { Rejection } from '../definitions/rejection.js';
import { table } from '../definitions/table.js';
import { createClient } from './client.js';
import type { Jsonified } from './jsonified.js';

const AddCopy = command('AddCopy', {
  data: z.object({ copyId: z.string(), notes: z.string().optional() }),
  decide: () => undefined,
});
const BorrowCopy = command('BorrowCopy', {
  data: z.object({ copyId: z.string(), days: z.number().default(21) }),
  rejections: { UnknownCopy: 'No such copy', AlreadyOut: 'On loan' },
  decide: () => undefined,
});
const titles = table({ columns: { titleId: text(), year: integer().nullable() }, key: 'titleId' });
const catalogue = readModel('catalogue', { tables: { titles } });
const ListTitles = query('ListTitles', {
  params: z.object({ limit: z.number().default(10) }),
  from: catalogue,
  run: (db) => db.selectFrom('titles').selectAll(),
});
const Title = query('Title', {
  params: z.object({ titleId: z.string() }),
  from: catalogue,
  run: () => null as { addedAt: Date; tags: Set<string>; note: string | undefined } | null,
});
const library = application('library', {
  modules: [
    module('circulation', { commands: [AddCopy, BorrowCopy] }),
    module('catalogue', { readModels: [catalogue], queries: [ListTitles, Title] }),
  ],
});

const client = createClient<typeof library>('http://127.0.0.1:8080/library');

describe('execute', () => {
  it('takes the names of the application, and the data of that command', () => {
    expectTypeOf(client.execute<'BorrowCopy'>)
      .parameter(0)
      .toEqualTypeOf<'BorrowCopy'>();
    expectTypeOf(client.execute<'BorrowCopy'>)
      .parameter(1)
      .toEqualTypeOf<{ copyId: string; days?: number | undefined }>();
    // @ts-expect-error there is no such command
    void client.execute('BorrowCopi', { copyId: 'c1' });
    // @ts-expect-error a query is no command
    void client.execute('ListTitles', {});
    // @ts-expect-error the field is missing
    void client.execute('BorrowCopy', {});
    // @ts-expect-error the field has another type
    void client.execute('BorrowCopy', { copyId: 1 });
    // @ts-expect-error there is no such field
    void client.execute('BorrowCopy', { copyId: 'c1', extra: true });
    // @ts-expect-error the field belongs to another command
    void client.execute('AddCopy', { copyId: 'c1', days: 3 });
  });

  it('comes back with a receipt, or a rejection with the codes of that command', async () => {
    const result = await client.execute('BorrowCopy', { copyId: 'c1' });
    expectTypeOf(result).toEqualTypeOf<CommandResult<'UnknownCopy' | 'AlreadyOut'>>();
    if (result.rejected) expectTypeOf(result).toEqualTypeOf<Rejection<'UnknownCopy' | 'AlreadyOut'>>();
    else expectTypeOf(result).toEqualTypeOf<Receipt>();
    expectTypeOf(await client.execute('AddCopy', { copyId: 'c1' })).toEqualTypeOf<CommandResult<never>>();
  });
});

describe('query', () => {
  it('takes the names of the application, and the parameters of that query', () => {
    expectTypeOf(client.query<'ListTitles'>)
      .parameter(1)
      .toEqualTypeOf<{ limit?: number | undefined }>();
    // @ts-expect-error there is no such query
    void client.query('ListTitle', {});
    // @ts-expect-error a command is no query
    void client.query('AddCopy', { copyId: 'c1' });
    // @ts-expect-error the parameter is missing
    void client.query('Title', {});
    // @ts-expect-error the parameter has another type
    void client.query('ListTitles', { limit: 'many' });
    // @ts-expect-error a rejection is no receipt
    void client.query('ListTitles', {}, { after: { rejected: true, code: 'X', message: '' } });
  });

  it('answers with the result as it comes through JSON', async () => {
    const titles = await client.query('ListTitles', {});
    expectTypeOf(titles).toEqualTypeOf<Answer<{ titleId: string; year: number | null }[]>>();
    const { result } = await client.query('Title', { titleId: 't1' });
    expectTypeOf(result!.addedAt).toEqualTypeOf<string>();
    expectTypeOf(result!.note).toEqualTypeOf<string | undefined>();
  });
});

describe('subscribe and watch', () => {
  it('give the same answers as query', () => {
    expectTypeOf(client.subscribe<'ListTitles'>).returns.toEqualTypeOf<
      AsyncIterable<Answer<{ titleId: string; year: number | null }[]>>
    >();
    const onError = () => {};
    const stop = client.watch('Title', { titleId: 't1' }, { onAnswer: ({ result }) => check(result), onError });
    const check = (result: { addedAt: string } | null) => result;
    expectTypeOf(stop).toEqualTypeOf<() => void>();
    // @ts-expect-error there is no such query
    client.watch('Titel', {}, { onAnswer: () => {}, onError });
  });
});

describe('Jsonified', () => {
  it('keeps what survives JSON, and changes or takes away what does not', () => {
    type Given = {
      at: Date;
      list: readonly { at?: Date }[];
      pair: [number, Date];
      big: bigint;
      call: () => void;
      unknown: unknown;
      maybe?: string;
    };
    type Expected = {
      at: string;
      list: readonly { at?: string }[];
      pair: [number, string];
      big: never;
      call: never;
      unknown: unknown;
      maybe?: string;
    };
    expectTypeOf<Jsonified<Given>>().toEqualTypeOf<Expected>();
    expectTypeOf<Jsonified<'a' | null | undefined>>().toEqualTypeOf<'a' | null | undefined>();
  });
});
