import assert from 'node:assert/strict';
import { type Kysely, sql } from 'kysely';
import type { QueryDatabase } from '../definitions/query-database.js';
import { QueryRefusedError, ReadOnlyError } from '../read-database/read-database-errors.js';
import type { ReadDatabaseCaseList, ReadDatabaseSides } from './read-database-case.js';
import { book, changesTo, nextSample, sample, similarSample, thing } from './sample-read-model.js';

type Db = QueryDatabase<(typeof sample)['tables']>;

async function fill({ writer }: ReadDatabaseSides): Promise<void> {
  await writer.prepare(sample);
  await writer.advance(sample, 0, 10, (transaction) =>
    transaction.write([
      changesTo('things', {
        inserts: [
          thing('a', { count: 1, isNew: true, list: '["x",{"y":[1]}]', extra: 'null' }),
          thing('b', { count: 2, isOld: true, list: '{"k":"v"}' }),
          thing('c', { count: 2, note: 'n' }),
        ],
      }),
      changesTo('parts', { inserts: [{ name: 'a', number: 1, isLeft: true, value: 'left' }] }),
      changesTo('books', { inserts: [book('b1', 'Emma', ['Jane Austen'], 3)] }),
    ]),
  );
}

function ask<T>({ reader }: ReadDatabaseSides, work: (db: Db) => Promise<T> | T) {
  return reader.snapshot(sample, work as (db: QueryDatabase<any>) => Promise<T> | T);
}

/** What a query is not given, taken by force. */
function everything(db: Db): Kysely<any> {
  return db as unknown as Kysely<any>;
}

export const queryCases: ReadDatabaseCaseList = [
  [
    'values come back as what they were declared',
    async (sides) => {
      await fill(sides);
      const { result } = await ask(sides, (db) => db.selectFrom('things').selectAll().orderBy('id').execute());
      const nothing = { note: null, rank: null, ratio: null, isOld: null, extra: null };
      const common = { ...nothing, share: 0.5, isNew: false, list: [] };
      assert.deepEqual(result, [
        { ...common, id: 'a', count: 1, isNew: true, list: ['x', { y: [1] }] },
        { ...common, id: 'b', count: 2, isOld: true, list: { k: 'v' } },
        { ...common, id: 'c', count: 2, note: 'n' },
      ]);
    },
  ],
  [
    'values come back as what they were declared from joins, aliases, subqueries and common table expressions',
    async (sides) => {
      await fill(sides);
      const joined = await ask(sides, (db) =>
        db
          .with('chosen', (inner) =>
            inner.selectFrom('things').select(['id', 'isNew', 'list']).where('isNew', '=', true),
          )
          .selectFrom('chosen')
          .innerJoin('parts as p', 'p.name', 'chosen.id')
          .leftJoin('things as other', 'other.note', 'p.value')
          .select(['chosen.id', 'chosen.isNew as fresh', 'chosen.list', 'p.isLeft', 'other.isOld'])
          .execute(),
      );
      assert.deepEqual(joined.result, [{ id: 'a', fresh: true, list: ['x', { y: [1] }], isLeft: true, isOld: null }]);
      assert.deepEqual([...joined.tables].sort(), ['parts', 'things']);
      const nested = await ask(sides, (db) =>
        db
          .selectFrom((inner) => inner.selectFrom('things').select(['id', 'isNew']).as('t'))
          .selectAll()
          .where('t.id', 'in', (inner) => inner.selectFrom('parts').select('name'))
          .execute(),
      );
      assert.deepEqual(nested.result, [{ id: 'a', isNew: true }]);
      assert.deepEqual([...nested.tables].sort(), ['parts', 'things']);
    },
  ],
  [
    'a query filters, counts, groups and orders',
    async (sides) => {
      await fill(sides);
      const { result } = await ask(sides, (db) =>
        db
          .selectFrom('things')
          .select((eb) => ['count', eb.fn.countAll<number>().as('times')])
          .groupBy('count')
          .having((eb) => eb.fn.countAll(), '>=', 1)
          .orderBy('times', 'desc')
          .limit(5)
          .execute(),
      );
      assert.deepEqual(result, [
        { count: 2, times: 2 },
        { count: 1, times: 1 },
      ]);
      const either = await ask(sides, (db) =>
        db
          .selectFrom('things')
          .select('id')
          .where((eb) => eb.or([eb('isNew', '=', true), eb('note', 'is not', null)]))
          .orderBy('id')
          .execute(),
      );
      assert.deepEqual(either.result, [{ id: 'a' }, { id: 'c' }]);
    },
  ],
  [
    'it says which tables were read: those, or all of them where SQL was written by hand',
    async (sides) => {
      await fill(sides);
      const tables = async (work: (db: Db) => Promise<unknown>) => [...(await ask(sides, work)).tables].sort();
      assert.deepEqual(await tables(async () => 1), []);
      assert.deepEqual(await tables((db) => db.selectFrom('parts').selectAll().execute()), ['parts']);
      assert.deepEqual(await tables((db) => db.search('books', 'emma').select('id').execute()), ['books']);
      const byHand = await tables((db) => db.selectNoFrom(sql<number>`(select 1)`.as('n')).execute());
      assert.deepEqual(byHand, ['books', 'notes', 'parts', 'things']);
    },
  ],
  [
    'a snapshot stays what it is while the read model moves',
    async (sides) => {
      await fill(sides);
      let moving: Promise<void> | undefined;
      const seen = await ask(sides, async (db) => {
        const count = () => db.selectFrom('things').select('id').execute();
        const before = await count();
        moving = sides.writer.advance(sample, 10, 11, (transaction) =>
          transaction.write([changesTo('things', { inserts: [thing('late')] })]),
        );
        for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
        return [before.length, (await count()).length];
      });
      await moving;
      assert.deepEqual([seen.result, seen.position], [[3, 3], 10]);
      const after = await ask(sides, (db) => db.selectFrom('things').select('id').execute());
      assert.deepEqual([after.result.length, after.position], [4, 11]);
    },
  ],
  [
    'the database refuses what would write',
    async (sides) => {
      await fill(sides);
      // A common table expression may be followed by a statement that writes, and Kysely offers that.
      const begin = (db: Db) =>
        db.with('x', (inner) => inner.selectFrom('things').select('id')) as unknown as Kysely<any>;
      const attempts: ((db: Db) => Promise<unknown>)[] = [
        (db) => begin(db).insertInto('things').values(thing('intruder')).execute(),
        (db) => begin(db).updateTable('things').set({ count: 0 }).execute(),
        (db) => begin(db).updateTable('things').set({ count: 0 }).returning('id').execute(),
        (db) => begin(db).deleteFrom('things').execute(),
        (db) => begin(db).deleteFrom('things').returningAll().execute(),
      ];
      for (const attempt of attempts) await assert.rejects(ask(sides, attempt), ReadOnlyError);
      const seen = await ask(sides, (db) => db.selectFrom('things').select('count').execute());
      assert.deepEqual(
        seen.result.map(({ count }) => count),
        [1, 2, 2],
      );
    },
  ],
  [
    'what cannot be asked is refused by name, and does no harm to the next query',
    async (sides) => {
      await fill(sides);
      const refused = async (work: (db: Db) => Promise<unknown>, message: RegExp) =>
        assert.rejects(ask(sides, work), (error: QueryRefusedError) => {
          assert.ok(error instanceof QueryRefusedError, String(error));
          assert.match(error.message, message);
          return true;
        });
      const things = (db: Db) => db.selectFrom('things').select('id');
      await refused(
        (db) =>
          things(db)
            .where('id', '=', new Date() as never)
            .execute(),
        /a Date/,
      );
      await refused(
        (db) =>
          things(db)
            .where('id', '=', undefined as never)
            .execute(),
        /undefined/,
      );
      await refused(
        (db) =>
          things(db)
            .where('nobody' as 'id', '=', 'x')
            .execute(),
        /nobody/,
      );
      await refused((db) => everything(db).selectFrom('nobody').selectAll().execute(), /nobody/);
      await refused(async (db) => db.search('things' as 'books', 'x').execute(), /search/);
      await refused(async (db) => {
        for await (const _ of things(db).stream()) return;
      }, /stream/);
      assert.equal((await ask(sides, (db) => things(db).execute())).result.length, 3);
    },
  ],
  [
    'a select that is executed after its query has ended is refused',
    async (sides) => {
      await fill(sides);
      const { result: late } = await ask(sides, (db) => ({ select: db.selectFrom('things').select('id') }));
      await assert.rejects(late.select.execute(), QueryRefusedError);
    },
  ],
  [
    'a read model that was not made has no state and cannot be read',
    async (sides) => {
      await fill(sides);
      for (const model of [nextSample, similarSample]) {
        assert.equal(await sides.reader.state(model), undefined);
        await assert.rejects(
          sides.reader.snapshot(model, () => 1),
          /is not in the read database/,
        );
      }
    },
  ],
];
