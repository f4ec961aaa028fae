import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boolean, integer, json, type QueryDatabase, readModel, real, table, text } from 'carillon';
import type { ReadDatabaseReader, ReadDatabaseWriter } from 'carillon/adapters';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openSqliteReadDatabaseReader,
  openSqliteReadDatabaseWriter,
} from '../../../carillon/src/read-database/sqlite/open.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresReadDatabaseReader, openPostgresReadDatabaseWriter } from './open.js';

const things = table({
  columns: {
    id: text(),
    word: text().nullable(),
    count: integer(),
    rank: integer().nullable(),
    share: real(),
    isNew: boolean(),
    isOld: boolean().nullable(),
    list: json<unknown>(),
    extra: json<unknown>().nullable(),
  },
  key: 'id',
  indexes: ['word', ['rank', 'count']],
});
const model = readModel('same-answers', { tables: { things } });
type Db = QueryDatabase<(typeof model)['tables']>;

/** Every way to ask of which the databases could have different opinions. */
const queries: { readonly [name: string]: (db: Db, param: { word: string; number: number }) => Promise<unknown> } = {
  'all, by key': (db) => db.selectFrom('things').selectAll().orderBy('id').execute(),
  'null first': (db) => db.selectFrom('things').select('id').orderBy('word').orderBy('id', 'desc').execute(),
  'null last when descending': (db) =>
    db.selectFrom('things').select(['id', 'rank']).orderBy('rank', 'desc').orderBy('count').orderBy('id').execute(),
  'null where a join has none': (db) =>
    db
      .selectFrom('things as a')
      .leftJoin('things as b', (join) => join.onRef('b.count', '=', 'a.rank'))
      .select(['a.id', 'b.id as other', 'b.count'])
      .orderBy('b.count')
      .orderBy('a.id')
      .orderBy('other')
      .execute(),
  'booleans in order': (db) =>
    db
      .selectFrom('things')
      .select(['isOld', 'isNew', 'id'])
      .orderBy('isOld')
      .orderBy('isNew', 'desc')
      .orderBy('id')
      .execute(),
  'like, whatever is in it': (db, { word }) =>
    db.selectFrom('things').select('id').where('word', 'like', `%${word}%`).orderBy('id').execute(),
  'not like': (db, { word }) =>
    db.selectFrom('things').select('id').where('word', 'not like', `${word}_%`).orderBy('id').execute(),
  'texts compared': (db, { word }) =>
    db.selectFrom('things').select(['id', 'word']).where('word', '>=', word).orderBy('word').orderBy('id').execute(),
  'upper and lower case': (db) =>
    db
      .selectFrom('things')
      .select((eb) => ['id', eb.fn<string>('lower', ['word']).as('low'), eb.fn<string>('upper', ['word']).as('high')])
      .orderBy('low')
      .orderBy('id')
      .execute(),
  'numbers of every kind compared': (db, { number }) =>
    db
      .selectFrom('things')
      .select('id')
      .where((eb) => eb.or([eb('count', '>', number), eb('share', '<=', number), eb('rank', '=', number)]))
      .orderBy('id')
      .execute(),
  'sums, averages and counts': (db) =>
    db
      .selectFrom('things')
      .select(({ fn, val }) => [
        fn.countAll<number>().as('all'),
        fn.count<number>('rank').as('ranked'),
        fn.count<number>('word').distinct().as('words'),
        fn.sum<number>('rank').as('sum'),
        fn.min('rank').as('least'),
        fn.max('word').as('last'),
        fn.coalesce(fn.sum<number>('rank'), val(0)).as('sumOrNothing'),
      ])
      .execute(),
  'sums of what is chosen': (db, { number }) =>
    db
      .selectFrom('things')
      .select((eb) => ['isNew', eb.fn.sum<number>(eb.case().when('count', '>', number).then(1).else(0).end()).as('n')])
      .groupBy('isNew')
      .orderBy('n', 'desc')
      .orderBy('isNew')
      .execute(),
  'conditions as values': (db, { word }) =>
    db
      .selectFrom('things')
      .select((eb) => ['id', eb('word', '=', word).as('is'), eb('rank', 'is', null).as('none'), eb.val(true).as('yes')])
      .orderBy('id')
      .execute(),
  'values as they are': (db, { word, number }) =>
    db
      .selectNoFrom((eb) => [
        eb.val(word).as('word'),
        eb.val(number).as('number'),
        eb.val(null).as('nothing'),
        eb.lit(7).as('seven'),
      ])
      .execute(),
  arithmetic: (db) =>
    db
      .selectFrom('things')
      .select((eb) => [
        'id',
        eb('count', '/', 2).as('half'),
        eb('count', '*', 2).as('double'),
        eb('share', '+', 1).as('more'),
      ])
      .orderBy('id')
      .execute(),
  'json grouped and compared': (db) =>
    db
      .selectFrom('things')
      .select(({ fn }) => ['list', fn.countAll<number>().as('times')])
      .groupBy('list')
      .orderBy('list')
      .execute(),
  'lists, pages and what is between': (db, { word, number }) =>
    db
      .selectFrom('things')
      .select('id')
      .where('word', 'in', [word, 'b', 'A'])
      .where('count', 'in', (eb) => eb.selectFrom('things as t').select('t.count').where('t.count', '>=', -3))
      .where((eb) => eb.between('count', -2, Math.max(number, 0)))
      .orderBy('id')
      .limit(3)
      .offset(1)
      .execute(),
  'groups of expressions with values in them': (db, { word, number }) => {
    const first = sql<string>`substr(${sql.ref('id')}, ${1}, ${1})`;
    return db
      .selectFrom('things')
      .select((eb) => [
        eb.fn.coalesce('word', eb.val(word)).as('text'),
        eb.case().when('word', '=', word).then('a').when('count', '>', number).then(word).else('b').end().as('kind'),
        eb.fn.coalesce('rank', eb.val(1)).as('rank'),
        eb('rank', '+', number).as('more'),
        eb('count', '/', 2).as('half'),
        first.as('first'),
        eb.fn.countAll<number>().as('n'),
      ])
      .where('word', 'not in', [word, 'a'])
      .groupBy((eb) => [
        eb.fn.coalesce('word', eb.val(word)),
        eb.case().when('word', '=', word).then('a').when('count', '>', number).then(word).else('b').end(),
        eb.fn.coalesce('rank', eb.val(1)),
        eb('rank', '+', number),
        eb('count', '/', 2),
        first,
      ])
      .having((eb) => eb.fn.countAll(), '>=', 1)
      .orderBy((eb) => eb.fn.coalesce('word', eb.val(word)))
      .orderBy('kind')
      .orderBy('rank')
      .orderBy('more')
      .orderBy('half')
      .execute();
  },
  'different by an expression with a value in it': (db, { word }) =>
    db
      .selectFrom('things')
      .select((eb) => [eb.fn.coalesce('word', eb.val(word)).as('text'), eb('rank', '+', 1).as('next')])
      .distinct()
      .orderBy((eb) => eb.fn.coalesce('word', eb.val(word)))
      .orderBy((eb) => eb('rank', '+', 1))
      .execute(),
  'one text compared with columns of two types': (db) =>
    db
      .selectFrom('things')
      .select(({ fn }) => ['word', fn.countAll<number>().as('n')])
      .where((eb) => eb.or([eb('word', '=', '2'), eb('count', '=', '2' as never)]))
      .groupBy('word')
      .orderBy('word')
      .execute(),
  'null where a common table gives its columns other names': (db) =>
    db
      .with('renamed(id, count)', (inner) => inner.selectFrom('things').select(['word as a', 'rank as b']) as never)
      .selectFrom('renamed')
      .select(['id', 'count'])
      .orderBy('id', 'desc')
      .orderBy('count')
      .execute(),
  'null where selects are put together': (db) =>
    db
      .selectFrom('things')
      .select(['id', 'word'])
      .unionAll(db.selectFrom('things').select(['word', 'id']) as never)
      .orderBy('id')
      .orderBy('word')
      .execute(),
  'columns put together': (db) =>
    db
      .selectFrom('things')
      .select(['id', 'isNew', 'isOld as old', 'list', 'extra'])
      .where('isNew', '=', true)
      .unionAll(
        db.selectFrom('things').select(['id', 'isNew', 'isOld as old', 'list', 'extra']).where('isNew', '=', false),
      )
      .orderBy('id')
      .execute(),
  'columns put together, and selected from': (db) =>
    db
      .with('both', (inner) =>
        inner
          .selectFrom('things as t')
          .selectAll('t')
          .where('isNew', '=', true)
          .unionAll(inner.selectFrom('things').selectAll().where('isNew', '=', false)),
      )
      .selectFrom((eb) => eb.selectFrom('both').selectAll().distinct().as('all'))
      .innerJoin('both as b', 'b.id', 'all.id')
      .select((eb) => [
        'all.id',
        'all.isNew',
        'all.list as texts',
        'b.isOld',
        'b.extra',
        eb('b.isOld', 'is', null).as('is'),
      ])
      .orderBy('all.id')
      .execute(),
  'columns of selects that stand for values': (db) =>
    db
      .selectFrom('things as t')
      .select((eb) => [
        't.id',
        eb.selectFrom('things as u').select('u.isOld').whereRef('u.id', '=', 't.id').as('old'),
        eb.selectFrom('things').select('list').whereRef('things.id', '=', 't.id').as('list'),
        eb.selectFrom('things').select('word').whereRef('things.id', '=', 't.id').as('word'),
        eb
          .selectFrom('things')
          .select((inner) => inner('isNew', '=', true).as('is'))
          .whereRef('things.id', '=', 't.id')
          .as('condition'),
        eb.selectFrom('things').select('t.extra').whereRef('things.id', '=', 't.id').as('extra'),
      ])
      .orderBy('t.id')
      .execute(),
  'lists of nothing': (db) =>
    db
      .selectFrom('things')
      .select((eb) => ['id', eb('word', 'in', []).as('is'), eb('rank', 'not in', []).as('isNot')])
      .where((eb) => eb.or([eb('id', 'in', []), eb('word', 'not in', []), eb.not(eb('rank', 'in', []))]))
      .orderBy('id')
      .execute(),
  'put together': (db) =>
    db
      .selectFrom('things')
      .select('word as w')
      .where('isNew', '=', true)
      .union(db.selectFrom('things').select('word as w').where('isOld', '=', false))
      .orderBy('w')
      .execute(),
  distinct: (db) =>
    db.selectFrom('things').select(['isNew', 'rank']).distinct().orderBy('rank').orderBy('isNew').execute(),
  'one of each group by its key': (db) =>
    db.selectFrom('things').select(['id', 'word', 'list']).groupBy('id').orderBy('id').execute(),
  windows: (db) =>
    db
      .selectFrom('things')
      .select(({ fn }) => [
        'id',
        fn
          .agg<number>('row_number')
          .over((over) => over.orderBy('rank').orderBy('id'))
          .as('place'),
        fn
          .sum<number>('count')
          .over((over) => over.partitionBy('isNew').orderBy('id'))
          .as('running'),
      ])
      .orderBy('id')
      .execute(),
  'counted down': (db) =>
    db
      .withRecursive('down(n)', (inner) =>
        inner
          .selectNoFrom((eb) => eb.cast<number>(eb.val(3), 'integer').as('n'))
          .unionAll(
            inner
              .selectFrom('down' as never)
              .select(sql<number>`n - 1`.as('n'))
              .where(sql<boolean>`n > 0`),
          ),
      )
      .selectFrom('down' as never)
      .selectAll()
      .execute(),
};

const texts = fc.constantFrom(
  '',
  'a',
  'A',
  'b',
  'B c',
  'ä',
  'Ä',
  'z',
  '%',
  '_',
  '\\',
  '100%',
  "o'k",
  '\u{1F600}',
  '\uFFFD',
  'ab',
  'aB',
);
const numbers = fc.integer({ min: -3, max: 3 });
const jsons = fc.constantFrom('[]', '["a",1]', '{"k":"v"}', 'null', '1', '"text"', '["a", 1]');
const row = fc.record({
  word: fc.option(texts),
  count: fc.oneof(numbers, fc.constantFrom(2 ** 40, -(2 ** 40))),
  rank: fc.option(
    fc.oneof(
      numbers,
      fc.maxSafeInteger().map((n) => Math.trunc(n / 64)),
    ),
  ),
  share: fc.oneof(
    fc.constantFrom(0.5, 0.1, 1e300, -2.25, 3),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
  ),
  isNew: fc.boolean(),
  isOld: fc.option(fc.boolean()),
  list: jsons,
  extra: fc.option(jsons),
});
const param = fc.record({
  word: texts,
  number: fc.oneof(numbers, fc.constantFrom(0.5, 2.5, 2 ** 40, 2 ** 53 - 1, -0.25)),
});

let server: EmbeddedPostgres;
let folder: string;
let sides: { readonly writer: ReadDatabaseWriter; readonly reader: ReadDatabaseReader }[];

beforeAll(async () => {
  server = await startEmbeddedPostgres();
  folder = mkdtempSync(join(tmpdir(), 'carillon-same-'));
  const at = { url: server.url, schema: `t_${randomUUID().replaceAll('-', '_')}` };
  const file = join(folder, 'read.db');
  sides = [
    { writer: openSqliteReadDatabaseWriter({ file }), reader: openSqliteReadDatabaseReader({ file }) },
    { writer: await openPostgresReadDatabaseWriter(at), reader: await openPostgresReadDatabaseReader(at) },
  ];
});

afterAll(async () => {
  for (const { writer, reader } of sides ?? []) await Promise.all([writer.close(), reader.close()]);
  if (folder !== undefined) rmSync(folder, { recursive: true });
  await server?.stop();
});

test('the same rows give the same answers as on SQLite', async () => {
  for (const { writer } of sides) await writer.prepare(model);
  let position = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 12 }), param, async (rows, asked) => {
      const upserts = rows.map((one, i) => ({ id: `t${i}`, ...one }));
      const deletes = Array.from({ length: 12 }, (_, i) => [`t${i}`]);
      for (const { writer } of sides) {
        await writer.advance(model, position, position + 1, async (transaction) => {
          await transaction.write([{ table: 'things', inserts: [], upserts: [], updates: [], deletes }]);
          await transaction.write([{ table: 'things', inserts: [], upserts, updates: [], deletes: [] }]);
        });
      }
      position++;
      for (const [name, ask] of Object.entries(queries)) {
        const [expected, found] = await Promise.all(
          sides.map(({ reader }) => reader.snapshot(model, (db) => ask(db as Db, asked))),
        );
        expect(found, name).toEqual(expected);
      }
    }),
    { numRuns: 60 },
  );
}, 300_000);
