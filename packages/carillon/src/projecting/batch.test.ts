import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RecordedEvent } from '../definitions/event.js';
import { boolean, event, integer, json, readModel, real, type TableWriters, table, text } from '../index.js';
import type { ReadDatabaseReader, ReadDatabaseWriter, ReadModelTransaction } from '../read-database/read-database.js';
import { openMemoryReadDatabase } from '../read-database/sqlite/open.js';
import { Batch } from './batch.js';
import { ProjectionError } from './projection-errors.js';

const Happened = event('Happened', { data: z.any() });
const things = table({
  columns: {
    id: text(),
    count: integer().default(0),
    isNew: boolean().default(false),
    list: json<string[]>().default([]),
    note: text().nullable(),
    ratio: real().default(0.5),
  },
  key: 'id',
});
const pairs = table({ columns: { left: text(), right: integer(), value: text() }, key: ['left', 'right'] });
const tables = { things, pairs };
type Db = TableWriters<typeof tables>;
type Step = (db: Db) => void | Promise<void>;

/** A read model whose events say what to do. */
const steps = readModel('steps', { tables }).on(Happened, (step: Step, db) => step(db));

let sides: { writer: ReadDatabaseWriter; reader: ReadDatabaseReader };
let loads: number;
let answersLate = false;
beforeEach(async () => {
  sides = openMemoryReadDatabase();
  await sides.writer.prepare(steps);
  loads = 0;
});
afterEach(() => {
  answersLate = false;
  return sides.writer.close();
});

/** Applies the steps in one batch, each as one event. */
async function apply(...all: Step[]): Promise<string[]> {
  const { position } = (await sides.writer.state(steps))!;
  let changed: string[] = [];
  await sides.writer.advance(steps, position, position + all.length, async (transaction) => {
    const events = all.map((data, i) => ({ type: 'Happened', data, position: position + i + 1 })) as RecordedEvent[];
    const counted: ReadModelTransaction = {
      load: (name, keys) => {
        loads++;
        return answered(() => transaction.load(name, keys));
      },
      find: (name, where, options) => answered(() => transaction.find(name, where, options)),
      write: (changes) => answered(() => transaction.write(changes)),
    };
    changed = await new Batch(steps, counted).apply(events);
  });
  return changed;
}

/** At once, as SQLite answers, or after a while, as a server does. */
function answered<T>(answer: () => T | Promise<T>): T | Promise<T> {
  return answersLate ? nextTurn().then(answer) : answer();
}

async function rows(name: 'things' | 'pairs' = 'things'): Promise<any[]> {
  const key = name === 'things' ? 'id' : 'left';
  const { result } = await sides.reader.snapshot(steps, (db) => db.selectFrom(name).selectAll().orderBy(key).execute());
  return result;
}

const a = { id: 'a', count: 0, isNew: false, list: [], note: null, ratio: 0.5 };

describe('what a handler writes', () => {
  it('takes effect in the order of the calls, in one batch as in many', async () => {
    const all: Step[] = [
      (db) => db.things.insert({ id: 'a' }),
      (db) => db.things.update('a', { count: 5 }),
      (db) => db.things.update('a', (t) => ({ count: t.count * 2, list: [...t.list, 'x'] })),
      (db) => db.things.upsert({ id: 'b', note: 'first' }),
      (db) => db.things.update('b', (t) => ({ note: `${t.note} then second` })),
      (db) => db.things.delete('b'),
      (db) => db.things.update('b', { note: 'never' }, { id: 'b', note: 'otherwise' }),
      (db) => db.things.insert({ id: 'c' }),
      (db) => db.things.delete('c'),
      (db) => db.things.insert({ id: 'c', count: 3 }),
      (db) => db.things.delete('d'),
      (db) => db.things.upsert({ id: 'a', count: 100 }),
      (db) => db.things.update('a', { isNew: true }),
      (db) => db.things.update('a', { ratio: 2 }),
    ];
    const expected = [
      { ...a, count: 100, isNew: true, ratio: 2 },
      { ...a, id: 'b', note: 'otherwise' },
      { ...a, id: 'c', count: 3 },
    ];
    await apply(...all);
    expect(await rows()).toEqual(expected);
    await sides.writer.reset(steps);
    for (const step of all) await apply(step);
    expect(await rows()).toEqual(expected);
    await sides.writer.reset(steps);
    await apply(...all.slice(0, 5));
    await apply(...all.slice(5));
    expect(await rows()).toEqual(expected);
  });

  it('loads what it must know in one go, and nothing that it need not', async () => {
    const ids = Array.from({ length: 500 }, (_, i) => `t${i}`);
    await apply(
      ...ids.map(
        (id): Step =>
          (db) =>
            db.things.insert({ id }),
      ),
    );
    expect(loads).toBe(0);
    await apply(
      ...ids.map(
        (id): Step =>
          (db) =>
            db.things.update(id, { note: id }),
      ),
      ...ids.map(
        (id): Step =>
          (db) =>
            db.things.upsert({ id: `u${id}` }),
      ),
      (db) => db.things.delete('t9'),
      (db) => db.things.delete('nobody'),
    );
    expect(loads).toBe(1);
    await apply(
      ...ids.slice(10).map(
        (id): Step =>
          (db) =>
            db.things.update(id, (t) => ({ count: t.count + 1 })),
      ),
    );
    expect(loads).toBe(2);
    expect((await rows()).filter(({ count }) => count === 1)).toHaveLength(490);
  });

  it('names the tables that changed, and no others', async () => {
    expect(await apply((db) => db.things.insert({ id: 'a' }))).toEqual(['things']);
    expect(await apply((db) => db.things.update('a', (t) => ({ count: t.count })))).toEqual([]);
    expect(await apply((db) => db.things.update('b', { count: 1 }, { id: 'b' }))).toEqual(['things']);
    const both: Step = (db) => {
      db.pairs.insert({ left: 'l', right: 1, value: 'v' });
      db.things.delete('b');
    };
    expect((await apply(both)).sort()).toEqual(['pairs', 'things']);
    expect(await apply((db) => db.things.get('a').then(() => undefined))).toEqual([]);
    expect(await apply((db) => db.things.updateWhere({ id: 'a' }, { count: 7 }))).toEqual(['things']);
  });

  it('has keys of several columns', async () => {
    await apply(
      (db) => db.pairs.insert({ left: 'a', right: 1, value: 'x' }),
      (db) => db.pairs.insert({ left: 'a', right: 2, value: 'y' }),
      (db) => db.pairs.update({ left: 'a', right: 2 }, (p) => ({ value: `${p.value}!` })),
      (db) => db.pairs.delete({ left: 'a', right: 1 }),
    );
    expect(await rows('pairs')).toEqual([{ left: 'a', right: 2, value: 'y!' }]);
  });

  it('keeps texts that are no Unicode as every database would', async () => {
    const id = 'lone \ud800 surrogate, and \0';
    await apply((db) => db.things.insert({ id, list: [id] }));
    await apply((db) => db.things.update(id, (t) => ({ count: t.count + 1 })));
    expect(await rows()).toEqual([{ ...a, id: 'lone \ufffd surrogate, and \ufffd', count: 1, list: [id] }]);
  });
});

describe('what a handler reads', () => {
  it('holds every write before it, and nothing after', async () => {
    const seen: unknown[] = [];
    await apply(
      (db) => db.things.insert({ id: 'a' }),
      (db) => db.things.update('a', (t) => ({ count: t.count + 1 })),
      async (db) => {
        seen.push((await db.things.get('a'))?.count);
        db.things.update('a', { count: 5, note: 'n' });
        seen.push((await db.things.get('a'))?.count, await db.things.get('b'));
        db.things.insert({ id: 'b', note: 'n' });
        seen.push((await db.things.find({ note: 'n' })).map(({ id }) => id));
        db.things.delete('a');
        seen.push(
          (await db.things.find({})).map(({ id }) => id),
          await db.things.get('a'),
        );
      },
      (db) => db.things.insert({ id: 'z' }),
    );
    expect(seen).toEqual([1, 5, undefined, ['a', 'b'], ['b'], undefined]);
    expect((await rows()).map(({ id }) => id)).toEqual(['b', 'z']);
  });

  it('is done before the next event, awaited or not', async () => {
    await apply(
      ...Array.from(
        { length: 2_500 },
        (_, i): Step =>
          (db) =>
            db.things.insert({ id: `t${i}`, count: i % 3 }),
      ),
    );
    await apply(
      (db) => void db.things.updateWhere({ count: 1 }, (t) => ({ count: t.count + 10 })),
      (db) => void db.things.deleteWhere({ count: 2 }),
      (db) => db.things.update('t1', (t) => ({ note: String(t.count) })),
    );
    const counts = new Map<number, number>();
    for (const { count } of await rows()) counts.set(count, (counts.get(count) ?? 0) + 1);
    expect([...counts].sort()).toEqual([
      [0, 834],
      [11, 833],
    ]);
    expect((await rows()).find(({ id }) => id === 't1')).toMatchObject({ note: '11' });
  });

  it.each(['at once', 'after a while'])(
    'keeps the order of the calls, awaited or not, in a database that answers %s',
    async (when) => {
      answersLate = when === 'after a while';
      await apply((db) => {
        for (const id of ['a', 'b', 'c', 'd']) db.things.insert({ id, count: 1 });
      });
      const found: unknown[] = [];
      await apply((db) => {
        void db.things.get('a').then((row) => found.push(row?.count));
        db.things.update('a', (t) => ({ count: t.count + 1 }));
        void db.things.updateWhere({ count: 1 }, (t) => ({ count: t.count + 1 }));
        db.things.update('b', (t) => ({ count: t.count * 10 }));
        void db.things.find({ count: 2 }).then((rows) => found.push(rows.map(({ id }) => id)));
        db.things.delete('c');
        void db.things.deleteWhere({ count: 2 });
        db.things.upsert({ id: 'c', count: 2 });
      });
      expect(found).toEqual([1, ['a', 'c', 'd']]);
      expect((await rows()).map(({ id, count }) => [id, count])).toEqual([
        ['b', 20],
        ['c', 2],
      ]);
    },
  );

  it('changes every row once, even when changed rows fit again', async () => {
    await apply(
      ...Array.from(
        { length: 12_000 },
        (_, i): Step =>
          (db) =>
            db.things.insert({ id: `t${i}` }),
      ),
    );
    await apply((db) => db.things.updateWhere({ isNew: false }, (t) => ({ count: t.count + 1 })));
    expect((await rows()).every(({ count }) => count === 1)).toBe(true);
    await apply((db) => db.things.deleteWhere({}));
    expect(await rows()).toEqual([]);
  });

  it('is a copy: what is done to it changes nothing', async () => {
    await apply((db) => db.things.insert({ id: 'a', list: ['x'] }));
    const spoil = (row: any) => {
      expect(() => row.list.push('y')).toThrow(TypeError);
      row.count = 9;
      row.list = [];
    };
    await apply(async (db) => {
      spoil(await db.things.get('a'));
      for (const row of await db.things.find({})) spoil(row);
      db.things.update('a', (row) => {
        spoil(row);
        return {};
      });
      expect(await db.things.get('a')).toEqual({ ...a, list: ['x'] });
    });
    const given = ['shared'];
    await apply(
      (db) => db.things.update('a', { list: given }),
      () => void given.push('changed later'),
      (db) => db.things.update('a', (row) => Object.assign(row, { count: row.count + 1 })),
    );
    expect(await rows()).toEqual([{ ...a, count: 1, list: ['shared'] }]);
  });

  it('stops at its limit', async () => {
    await apply(
      ...Array.from(
        { length: 20 },
        (_, i): Step =>
          (db) =>
            db.things.insert({ id: `t${10 + i}` }),
      ),
    );
    await apply(async (db) => {
      expect((await db.things.find({}, { limit: 3 })).map(({ id }) => id)).toEqual(['t10', 't11', 't12']);
    });
    for (const limit of [0, -1, 1.5, 10_001, Number.NaN]) {
      await expect(apply(async (db) => void (await db.things.find({}, { limit })))).rejects.toBeInstanceOf(
        ProjectionError,
      );
    }
  });
});

describe('a handler is refused', () => {
  const any = (db: Db) => db as any;
  it.each<[string, Step, RegExp]>([
    ['a column that there is not', (db) => any(db).things.insert({ id: 'x', nobody: 1 }), /no column "nobody"/],
    ['a column that there is not', (db) => any(db).things.update('a', { nobody: 1 }), /no column "nobody"/],
    [
      'a value of another type',
      (db) => any(db).things.insert({ id: 'x', count: '5' }),
      /"count" holds integer, not string 5/,
    ],
    [
      'a number that is not whole',
      (db) => db.things.update('a', { count: 0.5 }),
      /"count" holds integer, not number 0.5/,
    ],
    [
      'a number that is none',
      (db) => db.things.update('a', { ratio: Number.NaN }),
      /"ratio" holds real, not number NaN/,
    ],
    ['null where it may not be', (db) => any(db).things.update('a', { count: null }), /"count" has no value/],
    ['a missing value', (db) => any(db).pairs.insert({ left: 'a', right: 1 }), /"value" has no value/],
    ['a key of another type', (db) => any(db).things.delete(5), /"id" holds text, not number 5/],
    ['half a key', (db) => any(db).pairs.delete({ left: 'a' }), /"right" has no value/],
    ['another key', (db) => db.things.update('a', () => ({ id: 'b' })), /"id" is part of the key/],
    ['another key', (db) => db.things.update('a', { id: 'b' }), /"id" is part of the key/],
    ['an alternative with another key', (db) => db.things.update('q', {}, { id: 'r' }), /another key/],
    ['a change that is none', (db) => any(db).things.update('a', () => undefined), /no object of values/],
    ['a row that is there', (db) => db.things.insert({ id: 'a' }), /key \["a"\]: a row with that key is there/],
    ['a row that is not there', (db) => db.things.update('q', () => ({})), /no row with that key/],
    ['a row that is not there', (db) => db.things.update('q', { count: 1 }), /key \["q"\]: there is no row/],
    ['to find by json', (db) => db.things.find({ list: [] }).then(() => undefined), /"list" holds json/],
  ])('%s', async (_, step, message) => {
    await apply((db) => db.things.insert({ id: 'a' }));
    const refused = await apply(step).catch((error: unknown) => error);
    expect((refused as Error).message).toMatch(message);
    expect(await rows()).toEqual([a]);
  });

  it('to look for what is undefined, which would find everything', async () => {
    const shelf = { note: undefined } as unknown as { note: string };
    for (const step of [
      (db: Db) => db.things.deleteWhere(shelf),
      async (db: Db) => void (await db.things.find(shelf)),
    ]) {
      await expect(apply(step)).rejects.toThrow('"note" is undefined: leave it out to find rows with any value');
    }
  });

  it('a change that is asynchronous, and would change nothing', async () => {
    await apply((db) => db.things.insert({ id: 'a' }));
    const later = (async () => ({ count: 1 })) as unknown as () => { count: number };
    await expect(apply((db) => db.things.update('a', later))).rejects.toThrow(
      'the function that changes the row is asynchronous',
    );
  });

  it('naming read model, table and key', async () => {
    const refused = await apply((db) => db.things.update('q', () => ({}))).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProjectionError);
    expect(refused).toMatchObject({ code: 'projection-failed', readModel: 'steps', table: 'things', key: ['q'] });
  });

  it('the removal of what it should not have been able to insert, in one batch as in two', async () => {
    await apply((db) => db.things.insert({ id: 'a' }));
    const insert: Step = (db) => db.things.insert({ id: 'a' });
    const remove: Step = (db) => db.things.delete('a');
    await expect(apply(insert, remove)).rejects.toThrow(/is there already/);
    expect(await rows()).toEqual([a]);
  });

  it('tables that it kept after its event was handled', async () => {
    let kept: Db | undefined;
    await apply((db) => {
      kept = db;
    });
    expect(() => kept!.things.insert({ id: 'late' })).toThrow(ProjectionError);
    expect(() => kept!.things.get('late')).toThrow(/after its event was handled/);
    expect(await rows()).toEqual([]);
  });
});
