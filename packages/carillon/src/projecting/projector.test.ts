import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { altered } from '../../test-support/altered.js';
import { application, event, integer, module, type ReadModelDefinition, readModel, table, text } from '../index.js';
import type { Log } from '../log/log.js';
import { memoryLog } from '../log/memory-log.js';
import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database/read-database.js';
import { ReadDatabaseError } from '../read-database/read-database-errors.js';
import { openMemoryReadDatabase } from '../read-database/sqlite/open.js';
import { library, libraryEvents } from './library.fixture.js';
import { allRows, caughtUp, until } from './projecting.fixture.js';
import { type Progress, Projector } from './projector.js';

const Counted = event('Counted', { data: z.object({ name: z.string(), by: z.int() }) });
const Ignored = event('Ignored', { data: z.object({}) });
const counters = table({ columns: { name: text(), value: integer(), seen: integer() }, key: 'name' });

/** What the handlers of `fragile` do wrong. */
let trouble: (name: string) => void;

const sturdy = readModel('sturdy', { tables: { counters } }).on(Counted, (e, db) =>
  db.counters.update(e.name, (c) => ({ value: c.value + e.by, seen: c.seen + 1 }), {
    name: e.name,
    value: e.by,
    seen: 1,
  }),
);
const fragile = readModel('fragile', { tables: { counters } }).on(Counted, (e, db) => {
  trouble(e.name);
  if (e.name === 'missing') db.counters.update('nobody', { value: 1 });
  else if (e.name === 'lost') db.counters.update('nobody', (c) => ({ value: c.value }));
  else if (e.name === 'twice') db.counters.insert({ name: 'a', value: 0, seen: 0 });
  else
    db.counters.update(e.name, (c) => ({ value: c.value + e.by, seen: c.seen + 1 }), {
      name: e.name,
      value: e.by,
      seen: 1,
    });
});
const counting = application('counting', {
  modules: [module('counting', { publishes: [Counted, Ignored], readModels: [sturdy, fragile] })],
});

let log: Log;
let sides: { writer: ReadDatabaseWriter; reader: ReadDatabaseReader };
let projector: Projector;
let progress: Progress[];
let errors: unknown[];

function project(app = counting, database = sides.writer): Projector {
  progress = [];
  errors = [];
  projector = new Projector({
    application: app,
    log,
    database,
    onProgress: (one) => progress.push(one),
    onError: (error) => errors.push(error),
    clock: () => new Date('2026-03-01T12:00:00Z'),
  });
  log.onAppend((head) => projector.wake(head));
  return projector;
}

const count = (name: string, by = 1) => Counted({ name, by });
async function values(model: ReadModelDefinition<string, any> = sturdy): Promise<Record<string, number[]>> {
  const { result } = await sides.reader.snapshot(model, (db) => db.selectFrom('counters').selectAll().execute());
  return Object.fromEntries(result.map(({ name, value, seen }: any) => [name, [value, seen]]));
}

beforeEach(() => {
  trouble = () => undefined;
  log = memoryLog();
  sides = openMemoryReadDatabase();
});
afterEach(async () => {
  await projector.close();
  await log.close();
  await sides.writer.close();
});

describe('the projector', () => {
  it('applies what is in the log and what is appended, and says how far it is', async () => {
    await log.append([count('a', 2), Ignored({}), count('b', 3)]);
    await project().start();
    await caughtUp(projector, 3);
    await log.append([count('a', 5)]);
    await caughtUp(projector, 4);
    expect(await values()).toEqual({ a: [7, 2], b: [3, 1] });
    const told = progress.filter(({ readModel }) => readModel === 'sturdy');
    expect(told.map(({ position, tables, isServing, failure }) => [position, tables, isServing, failure])).toEqual([
      [3, ['counters'], false, undefined],
      [3, [], true, undefined],
      [4, ['counters'], true, undefined],
    ]);
  });

  it('moves past events that concern nobody, and says that nothing changed', async () => {
    await project().start();
    await log.append([Ignored({}), Ignored({})]);
    await caughtUp(projector, 2);
    expect(progress.map(({ readModel, position, tables }) => [readModel, position, tables])).toEqual([
      ['sturdy', 0, []],
      ['fragile', 0, []],
      ['sturdy', 2, []],
      ['fragile', 2, []],
    ]);
    expect(await sides.reader.state(sturdy)).toMatchObject({ position: 2, failure: undefined });
  });

  it('reads the log once for all read models that stand at the same place', async () => {
    for (let n = 0; n < 20; n++) await log.append(Array.from({ length: 1_000 }, (_, i) => count(`c${i % 10}`)));
    const reads: number[] = [];
    const counted = altered(log, {
      read: (query, options) => {
        reads.push(options?.after ?? 0);
        return log.read(query, options);
      },
    });
    projector = new Projector({ application: counting, log: counted, database: sides.writer });
    await projector.start();
    await caughtUp(projector, 20_000);
    expect(reads).toEqual([...new Set(reads)]);
    expect((await values())['c3']).toEqual([2_000, 2_000]);
  });

  it('comes to the same tables in whatever batches, and when it is rebuilt', async () => {
    const events = libraryEvents(6_000);
    project(library);
    await projector.start();
    for (let size = 1; events.length > 0; size = (size * 3) % 701) {
      await log.append(events.splice(0, size));
      if (size % 5 === 0) await caughtUp(projector, await log.head());
    }
    await caughtUp(projector, 6_000);
    const pieces = await allRows(library, sides.reader);
    for (const name of library.readModels.keys()) await projector.rebuild(name);
    expect(new Set(progress.filter(({ next }) => next?.position === 0).map(({ readModel }) => readModel)).size).toBe(2);
    await until(() => [...projector.states().values()].every(({ next }) => next === undefined), 'all are rebuilt');
    expect(Math.min(...progress.filter(({ next }) => next !== undefined).map(({ position }) => position))).toBe(6_000);
    expect(await allRows(library, sides.reader)).toEqual(pieces);
    expect(pieces['catalogue.titles']?.length).toBeGreaterThan(500);
    expect(pieces['statistics.totals']?.length).toBeGreaterThan(40);
  });

  it('counts every event once when the database fails in the middle', async () => {
    let calls = 0;
    const failing = altered(sides.writer, {
      advance: (readModel, from, to, work) =>
        sides.writer.advance(readModel, from, to, async (transaction) => {
          await work(transaction);
          if (++calls % 2 === 1) throw new ReadDatabaseError('The disk is full.');
        }),
    });
    await log.append([count('a'), count('b')]);
    await project(counting, failing).start();
    await caughtUp(projector, 2);
    for (let n = 0; n < 3; n++) await log.append([count('a')]);
    await caughtUp(projector, 5);
    expect(await values()).toEqual({ a: [4, 4], b: [1, 1] });
    expect(await values(fragile)).toEqual({ a: [4, 4], b: [1, 1] });
    expect(errors.length).toBeGreaterThan(0);
    expect(progress.every(({ failure }) => failure === undefined)).toBe(true);
  });

  it('goes on from where another left the read model', async () => {
    await log.append([count('a'), count('a'), count('a')]);
    await project().start();
    await caughtUp(projector, 3);
    const other = new Projector({ application: counting, log, database: sides.writer });
    await other.rebuild('sturdy').catch(() => undefined);
    await sides.writer.reset(sturdy);
    await log.append([count('a')]);
    await caughtUp(projector, 4);
    await until(async () => (await values())['a']?.[0] === 4, 'it is rebuilt');
    expect(await values()).toEqual({ a: [4, 4] });
    await other.close();
  });

  it('builds a read model anew that is ahead of the log', async () => {
    await log.append([count('a')]);
    await sides.writer.prepare(sturdy);
    await sides.writer.advance(sturdy, 0, 99, () => undefined);
    await project().start();
    await caughtUp(projector, 1);
    expect(await values()).toEqual({ a: [1, 1] });
    expect(projector.states().get('sturdy')).toMatchObject({ position: 1, failure: undefined });
  });

  it('keeps a rebuild from being asked of what it does not know, or after it is closed', async () => {
    await project().start();
    await expect(projector.rebuild('nobody')).rejects.toMatchObject({ code: 'read-model-unknown' });
    await projector.close();
    await expect(projector.rebuild('sturdy')).rejects.toMatchObject({ code: 'projector-closed' });
  });
});

describe('a handler that fails', () => {
  const failed = (position: number, message: string) => ({
    position,
    eventType: 'Counted',
    message,
    failedAt: '2026-03-01T12:00:00.000Z',
  });

  const missing =
    'Read model fragile, table counters, key ["nobody"]: there is no row with that key to update. ' +
    'Give `update` the row to insert as its third argument, or use `upsert`.';
  it.each([
    ['poison', 'poisoned'],
    ['missing', missing],
    ['lost', missing],
    [
      'twice',
      'Read model fragile, table counters, key ["a"]: a row with that key is there already. Use upsert to replace it.',
    ],
  ])('stops its own read model before the event, whenever it comes to light (%s)', async (name, message) => {
    trouble = (one) => {
      if (one === 'poison') throw new Error('poisoned');
    };
    const before = Array.from({ length: 700 }, (_, i) => count(i % 2 === 0 ? 'a' : 'b'));
    const after = Array.from({ length: 300 }, () => count('a'));
    await log.append([...before, count(name), ...after]);
    await project().start();
    await caughtUp(projector, 1_001);
    expect(await values(fragile)).toEqual({ a: [350, 350], b: [350, 350] });
    expect(projector.states().get('fragile')).toMatchObject({ position: 700, failure: failed(701, message) });
    expect(await sides.reader.state(fragile)).toEqual(projector.states().get('fragile'));
    expect(progress.at(-1)?.failure ?? progress.find(({ failure }) => failure)?.failure).toEqual(failed(701, message));
    expect(await values(sturdy)).toMatchObject({ a: [650, 650], b: [350, 350] });
    expect(errors).toEqual([]);
  });

  it('holds nobody back, and goes on when it is resumed after a fix', async () => {
    trouble = (name) => {
      if (name === 'poison') throw new Error('poisoned');
    };
    await project().start();
    await log.append([count('a'), count('poison'), count('a')]);
    await caughtUp(projector, 3);
    await log.append([count('b')]);
    await until(() => projector.states().get('sturdy')?.position === 4, 'the other goes on');
    expect(projector.states().get('fragile')).toMatchObject({ position: 1, failure: { position: 2 } });
    await projector.resume('fragile');
    await until(() => projector.states().get('fragile')?.failure !== undefined, 'it fails again');
    expect(projector.states().get('fragile')).toMatchObject({ position: 1, failure: { position: 2 } });
    trouble = () => undefined;
    await projector.resume('fragile');
    await caughtUp(projector, 4);
    expect(await values(fragile)).toEqual({ a: [2, 2], poison: [1, 1], b: [1, 1] });
    expect(await sides.reader.state(fragile)).toMatchObject({ position: 4, failure: undefined });
  });

  it('is tried again when the application is started again', async () => {
    trouble = () => {
      throw new Error('poisoned');
    };
    await log.append([count('a')]);
    await project().start();
    await caughtUp(projector, 1);
    await projector.close();
    expect(await sides.reader.state(fragile)).toMatchObject({ failure: { message: 'poisoned' } });
    trouble = () => undefined;
    await project().start();
    await caughtUp(projector, 1);
    expect(await values(fragile)).toEqual({ a: [1, 1] });
    expect(await sides.reader.state(fragile)).toMatchObject({ position: 1, failure: undefined });
  });
});
