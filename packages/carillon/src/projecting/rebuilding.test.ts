import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { altered } from '../../test-support/altered.js';
import { application, event, integer, module, readModel, table, text } from '../index.js';
import type { Log } from '../log/log.js';
import { memoryLog } from '../log/memory-log.js';
import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database/read-database.js';
import { ReadDatabaseError } from '../read-database/read-database-errors.js';
import { openSqliteReadDatabaseReader, openSqliteReadDatabaseWriter } from '../read-database/sqlite/open.js';
import { until } from './projecting.fixture.js';
import { type Progress, Projector } from './projector.js';

const Counted = event('Counted', { data: z.object({ name: z.string() }) });
const counters = table({ columns: { name: text(), value: integer() }, key: 'name' });

/** What the handler throws at, and what it adds: a mended handler adds something else. */
let poison: string | undefined;
let step: number;

const tally = readModel('tally', { tables: { counters } }).on(Counted, ({ name }, db) => {
  if (name === poison) throw new Error('poisoned');
  db.counters.update(name, (c) => ({ value: c.value + step }), { name, value: step });
});
const counting = application('counting', {
  modules: [module('counting', { publishes: [Counted], readModels: [tally] })],
});
const count = (name: string) => Counted({ name });

let folder: string;
let log: Log;
let writer: ReadDatabaseWriter;
let reader: ReadDatabaseReader;
let projectors: Projector[];
let progress: Progress[];

function project(database = writer): Projector {
  const onProgress = (one: Progress) => void progress.push(one);
  const projector = new Projector({ application: counting, log, database, onProgress });
  log.onAppend((head) => projector.wake(head));
  projectors.push(projector);
  return projector;
}

/** The sum of all values, and the position that it is of. */
async function answer(): Promise<{ sum: number; position: number; isServing: boolean }> {
  const { result, position, isServing } = await reader.snapshot(tally, (db) =>
    db
      .selectFrom('counters')
      .select((all) => all.fn.sum<number | null>('value').as('sum'))
      .execute(),
  );
  return { sum: Number(result[0]?.sum ?? 0), position, isServing };
}

const state = (projector: Projector) => projector.states().get('tally')!;

beforeEach(() => {
  poison = undefined;
  step = 1;
  progress = [];
  projectors = [];
  folder = mkdtempSync(join(tmpdir(), 'carillon-rebuild-'));
  const file = join(folder, 'read.db');
  log = memoryLog();
  writer = openSqliteReadDatabaseWriter({ file });
  reader = openSqliteReadDatabaseReader({ file });
});
afterEach(async () => {
  for (const projector of projectors) await projector.close();
  await reader.close();
  await writer.close();
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a rebuild', () => {
  it('never shows a half-built answer, while events come and queries are asked', async () => {
    for (let n = 0; n < 10; n++) await log.append(Array.from({ length: 2_000 }, (_, i) => count(`c${i % 50}`)));
    const projector = project();
    await projector.start();
    await until(() => state(projector).isServing && state(projector).position === 20_000, 'it serves');
    let head = 20_000;
    let isDone = false;
    let answers = 0;
    const asking = (async () => {
      let before = 0;
      while (!isDone) {
        const { sum, position, isServing } = await answer();
        // Every event up to the position counts once, and no answer is older than one before.
        expect([sum, isServing]).toEqual([position, true]);
        expect(position).toBeGreaterThanOrEqual(before);
        before = position;
        answers++;
        if (answers % 3 === 0) head = (await log.append([count(`c${answers % 50}`)])).last;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let n = 0; n < 3; n++) {
      const build = await projector.rebuild('tally');
      await until(() => state(projector).build === build, `build ${build} serves`);
    }
    isDone = true;
    await asking;
    await until(() => state(projector).position === head, 'it has caught up');
    expect(await answer()).toEqual({ sum: head, position: head, isServing: true });
    expect(answers).toBeGreaterThan(20);
    expect((await writer.stored())[0]?.tables).toHaveLength(1);
  });

  it('brings the mended handler, and replaces nothing when it stops', async () => {
    await log.append([count('a'), count('b'), count('a')]);
    const projector = project();
    await projector.start();
    await until(() => state(projector).isServing, 'it serves');
    step = 10;
    poison = 'b';
    await projector.rebuild('tally');
    await until(() => state(projector).next?.failure !== undefined, 'the rebuild stops');
    expect(state(projector)).toMatchObject({ position: 3, failure: undefined, next: { failure: { position: 2 } } });
    poison = undefined;
    expect(await answer()).toEqual({ sum: 3, position: 3, isServing: true });
    await log.append([count('c')]);
    await until(async () => (await answer()).position === 4, 'what serves goes on');
    await projector.resume('tally');
    await until(() => state(projector).next === undefined, 'the rebuild is done');
    expect(await answer()).toEqual({ sum: 40, position: 4, isServing: true });
  });

  it('of a read model that stopped replaces it only when it has got to the end', async () => {
    poison = 'b';
    await log.append([count('a'), count('b')]);
    const projector = project();
    await projector.start();
    await until(() => state(projector).failure !== undefined, 'it stops');
    expect(state(projector).isServing).toBe(false);
    await projector.close();
    poison = undefined;
    const mended = project();
    await mended.start();
    await until(() => state(mended).isServing, 'it serves');
    poison = 'c';
    await log.append([count('c'), count('a')]);
    await until(() => state(mended).failure !== undefined, 'it stops again');
    const before = state(mended).build;
    await mended.rebuild('tally');
    await until(() => state(mended).next?.failure !== undefined, 'the rebuild stops at the same event');
    expect(state(mended)).toMatchObject({ build: before, position: 2 });
    poison = undefined;
    await mended.rebuild('tally');
    await until(() => state(mended).build > before, 'the second rebuild serves');
    expect(await answer()).toEqual({ sum: 4, position: 4, isServing: true });
  });

  it('goes on where it was after the process was closed in the middle, and is asked for once', async () => {
    for (let n = 0; n < 5; n++) await log.append(Array.from({ length: 2_000 }, () => count('a')));
    const first = project();
    await first.start();
    await until(() => state(first).isServing, 'it serves');
    const build = await first.rebuild('tally');
    await until(() => (state(first).next?.position ?? 0) > 0, 'it has begun');
    await first.close();
    const stood = (await writer.state(tally))?.next;
    expect(stood).toMatchObject({ build });
    expect(await answer()).toEqual({ sum: 10_000, position: 10_000, isServing: true });
    progress = [];
    const second = project();
    await second.start();
    await until(() => state(second).build === build, 'it serves');
    expect(Math.min(...progress.flatMap(({ next }) => next?.position ?? []))).toBeGreaterThan(stood!.position);
    expect(await answer()).toEqual({ sum: 10_000, position: 10_000, isServing: true });
  });

  it('is tried again when the database fails, and tables are dropped later when they cannot be now', async () => {
    let failures = 3;
    let refusals = 2;
    const failing = altered(writer, {
      serve: async (model, build) => {
        if (build > 1 && failures-- > 0) throw new ReadDatabaseError('The disk is full.');
        return writer.serve(model, build);
      },
      dropReplaced: async (model) => (refusals-- > 0 ? false : writer.dropReplaced(model)),
    });
    await log.append([count('a')]);
    const projector = project(failing);
    await projector.start();
    await until(() => state(projector).isServing, 'it serves');
    const build = await projector.rebuild('tally');
    await until(() => state(projector).build === build, 'it serves after all');
    await until(async () => (await writer.stored())[0]?.tables.length === 1, 'the old tables are gone');
    expect(failures).toBeLessThan(1);
  });

  it('is noticed when somebody else begins it, and done by whoever projects', async () => {
    await log.append([count('a'), count('b')]);
    const projector = project();
    await projector.start();
    await until(() => state(projector).isServing, 'it serves');
    step = 5;
    await writer.beginBuild(tally);
    await until(async () => (await answer()).sum === 10, 'it is rebuilt');
    expect(state(projector)).toMatchObject({ position: 2, next: undefined });
  });
});

describe('a worker that comes too late', () => {
  it('cannot stop a read model that another one has moved on', async () => {
    await log.append([count('a'), count('b'), count('c')]);
    let hold: Promise<void> | undefined;
    let release = () => {};
    const stale = altered(writer, {
      setFailure: async (model, failure, build) => {
        await hold;
        return writer.setFailure(model, failure, build);
      },
    });
    hold = new Promise((resolve) => {
      release = resolve;
    });
    poison = 'b';
    const frozen = project(stale);
    await frozen.start();
    await until(async () => (await writer.state(tally))?.position === 1, 'it is about to say that it stopped');
    poison = undefined;
    const other = project();
    await other.start();
    await until(() => state(other).isServing, 'the other one serves');
    release();
    await until(() => state(frozen).position === 3, 'it has heard');
    expect(await writer.state(tally)).toMatchObject({ position: 3, failure: undefined });
    expect(await answer()).toEqual({ sum: 3, position: 3, isServing: true });
  });
});
