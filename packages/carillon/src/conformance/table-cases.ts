import assert from 'node:assert/strict';
import type {
  ReadDatabaseWriter,
  ReadModelTransaction,
  StoredRow,
  TableChanges,
} from '../read-database/read-database.js';
import { RowExistsError, RowMissingError } from '../read-database/read-database-errors.js';
import type { ReadDatabaseCaseList } from './read-database-case.js';
import { book, changesTo, sample, thing } from './sample-read-model.js';

/** Runs work in a transaction that moves the sample by one. */
async function inTransaction<T>(
  writer: ReadDatabaseWriter,
  work: (transaction: ReadModelTransaction) => Promise<T>,
): Promise<T> {
  const { position } = await writer.prepare(sample);
  let result: { readonly value: T } | undefined;
  await writer.advance(sample, position, position + 1, async (transaction) => {
    result = { value: await work(transaction) };
  });
  return result!.value;
}

function write(writer: ReadDatabaseWriter, ...changes: TableChanges[]): Promise<void> {
  return inTransaction(writer, async (transaction) => transaction.write(changes));
}

async function ids(found: Promise<readonly StoredRow[]> | readonly StoredRow[]): Promise<unknown[]> {
  return (await found).map(({ id }) => id);
}

const full = thing('full', {
  count: 2 ** 53 - 1,
  share: -1.5e-300,
  isNew: true,
  list: '["a",{"b":[1,null]},"ü\\u0000"]',
  note: '',
  rank: -(2 ** 53 - 1),
  ratio: 1e308,
  isOld: false,
  extra: 'null',
});

export const tableCases: ReadDatabaseCaseList = [
  [
    'a row comes back as it was written, whatever is in it',
    async ({ writer }) => {
      const texts = ['', ' ', "'; DROP TABLE things; --", '"', '\n\t\\', '🜁𝕏', 'e\u0301', 'A'.repeat(100_000), '%_'];
      const rows = [full, thing('empty'), ...texts.map((text, i) => thing(`text ${i}`, { note: text }))];
      await write(writer, changesTo('things', { inserts: rows }));
      const loaded = await inTransaction(writer, async (transaction) =>
        transaction.load(
          'things',
          rows.map(({ id }) => [id!]),
        ),
      );
      const byId = new Map(loaded.map((row) => [row['id'], row]));
      for (const row of rows) assert.deepEqual({ ...byId.get(row['id']!) }, row);
    },
  ],
  [
    'load finds the rows that are there, however many are asked for',
    async ({ writer }) => {
      const rows = Array.from({ length: 1_234 }, (_, i) => thing(`t${i}`, { count: i }));
      await write(writer, changesTo('things', { inserts: rows }));
      for (const size of [0, 1, 9, 10, 99, 100, 101, 256, 1_234]) {
        const keys = Array.from({ length: size }, (_, i) => [`t${i * 2}`]);
        const loaded = await inTransaction(writer, async (transaction) => transaction.load('things', keys));
        const expected = keys.flat().filter((id) => Number(id.slice(1)) < 1_234);
        assert.deepEqual(loaded.map(({ id }) => id).sort(), expected.sort());
      }
    },
  ],
  [
    'keys of several columns are all of them',
    async ({ writer }) => {
      const rows = ['a', 'b'].flatMap((name) =>
        [1, 2].flatMap((number) =>
          [true, false].map((isLeft) => ({ name, number, isLeft, value: `${name}${number}${isLeft}` })),
        ),
      );
      await write(writer, changesTo('parts', { inserts: rows }));
      const key = ['b', 1, false] as const;
      const load = () => inTransaction(writer, async (transaction) => transaction.load('parts', [key, ['a', 9, true]]));
      assert.deepEqual(
        (await load()).map((row) => ({ ...row })),
        [{ name: 'b', number: 1, isLeft: false, value: 'b1false' }],
      );
      const changed = { name: 'b', number: 1, isLeft: false, value: 'new' };
      await write(writer, changesTo('parts', { updates: [{ columns: ['value'], rows: [changed] }] }));
      assert.deepEqual(
        (await load()).map((row) => ({ ...row })),
        [changed],
      );
      await write(writer, changesTo('parts', { deletes: [key] }));
      assert.deepEqual(await load(), []);
      const left = await inTransaction(writer, async (transaction) => transaction.find('parts', {}, { limit: 100 }));
      assert.equal(left.length, 7);
    },
  ],
  [
    'updates change the columns they name, upserts whole rows, deletes remove them',
    async ({ writer }) => {
      await write(writer, changesTo('things', { inserts: [thing('a'), thing('b'), thing('c')] }));
      await write(
        writer,
        changesTo('things', {
          updates: [
            { columns: ['count', 'isNew'], rows: [{ id: 'a', count: 5, isNew: true }] },
            { columns: ['extra'], rows: [{ ...thing('b', { count: 99 }), extra: '[1]' }] },
          ],
          upserts: [thing('c', { note: 'replaced' }), thing('d', { note: 'new' })],
          deletes: [['gone']],
        }),
      );
      const rows = await inTransaction(writer, async (transaction) => transaction.find('things', {}, { limit: 10 }));
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        [
          thing('a', { count: 5, isNew: true }),
          thing('b', { extra: '[1]' }),
          thing('c', { note: 'replaced' }),
          thing('d', { note: 'new' }),
        ],
      );
      await write(writer, changesTo('things', { deletes: [['a'], ['d']] }));
      const left = inTransaction(writer, async (transaction) => ids(transaction.find('things', {}, { limit: 10 })));
      assert.deepEqual(await left, ['b', 'c']);
    },
  ],
  [
    'an insert of a row that is there and an update of one that is not are refused by name',
    async ({ writer }) => {
      await write(
        writer,
        changesTo('things', { inserts: [thing('a')] }),
        changesTo('books', { inserts: [book('a', 'A')] }),
      );
      for (const [table, row] of [
        ['things', thing('a')],
        ['books', book('a', 'B')],
      ] as const) {
        await assert.rejects(write(writer, changesTo(table, { inserts: [row] })), RowExistsError);
      }
      const update = { columns: ['count'], rows: [thing('b', { count: 1 })] };
      await assert.rejects(write(writer, changesTo('things', { updates: [update] })), RowMissingError);
    },
  ],
  [
    'find compares with values and null, orders by key and stops at its limit',
    async ({ writer }) => {
      const rows = ['b', 'a', 'Z', 'z', 'ä', '\u{1F600}', '\uFFFD', 'c'].map((id, i) =>
        thing(id, { count: i % 2, note: i < 4 ? null : 'n', isNew: i % 2 === 0 }),
      );
      await write(writer, changesTo('things', { inserts: rows }));
      await inTransaction(writer, async (transaction) => {
        const find = (where: StoredRow, options = { limit: 100 }) => ids(transaction.find('things', where, options));
        const all = ['Z', 'a', 'b', 'c', 'z', 'ä', '\uFFFD', '\u{1F600}'];
        assert.deepEqual(await find({}), all);
        assert.deepEqual(await find({}, { limit: 3 }), all.slice(0, 3));
        assert.deepEqual(await find({ note: null }), ['Z', 'a', 'b', 'z']);
        assert.deepEqual(await find({ note: 'n', count: 1 }), ['c', '\u{1F600}']);
        assert.deepEqual(await find({ isNew: true, note: null }), ['Z', 'b']);
        assert.deepEqual(await find({ id: 'nobody' }), []);
      });
    },
  ],
  [
    'find goes on after a key',
    async ({ writer }) => {
      const rows = Array.from({ length: 25 }, (_, i) => ({
        name: String.fromCharCode(97 + Math.floor(i / 10)),
        number: i % 10,
        isLeft: i % 2 === 0,
        value: 'v',
      }));
      await write(writer, changesTo('parts', { inserts: rows }));
      await inTransaction(writer, async (transaction) => {
        const found: StoredRow[] = [];
        for (let after: readonly (string | number | boolean | null)[] | undefined; ; ) {
          const page = await transaction.find('parts', { value: 'v' }, { limit: 4, after });
          found.push(...page);
          const last = page.at(-1);
          if (last === undefined) break;
          after = [last['name']!, last['number']!, last['isLeft']!];
        }
        assert.deepEqual(
          found.map((row) => ({ ...row })),
          rows,
        );
      });
    },
  ],
  [
    'a transaction sees what it wrote',
    async ({ writer }) => {
      await inTransaction(writer, async (transaction) => {
        await transaction.write([changesTo('things', { inserts: [thing('a')] })]);
        assert.equal((await transaction.load('things', [['a']])).length, 1);
        const updates = [{ columns: ['count'], rows: [thing('a', { count: 7 })] }];
        await transaction.write([changesTo('things', { updates })]);
        assert.deepEqual(await ids(transaction.find('things', { count: 7 }, { limit: 1 })), ['a']);
        await transaction.write([changesTo('things', { deletes: [['a']] })]);
        assert.deepEqual(await transaction.load('things', [['a']]), []);
      });
    },
  ],
];
