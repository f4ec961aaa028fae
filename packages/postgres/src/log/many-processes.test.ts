import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RecordedEvent } from 'carillon';
import { allEvents, type Log } from 'carillon/log';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Told } from '../../test-support/appending-process.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresLog } from './open.js';

/** How long several processes append, in milliseconds: a minute and more when it is looked at closely. */
const durationMs = Number(process.env['CARILLON_APPEND_MS'] ?? 6_000);
const program = fileURLToPath(new URL('../../test-support/appending-process.ts', import.meta.url));

let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await startEmbeddedPostgres();
});
afterAll(async () => {
  await server?.stop();
});

interface Appender {
  readonly told: Told[];
  stop(): Promise<void>;
}

async function startAppender(schema: string, name: string): Promise<Appender> {
  const child: ChildProcess = fork(program, [server.url, schema, name]);
  const told: Told[] = [];
  child.on('message', (message) => told.push(message as Told));
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended]);
  return {
    told,
    async stop() {
      child.send('stop');
      expect(await ended).toEqual([0, null]);
    },
  };
}

/** Reads everything in the order in which it comes, as someone who was never away. */
async function tail(log: Log, until: () => boolean): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (;;) {
    const isLast = until();
    const page = await log.read(allEvents, { after: events.length, limit: 1_000 });
    events.push(...page);
    if (page.length > 0) continue;
    if (isLast && events.length === (await log.head())) return events;
    await sleep(5);
  }
}

test('four processes append at a time, and a reader misses nothing, sees nothing twice and nothing late', {
  timeout: durationMs + 120_000,
}, async () => {
  const schema = 'many';
  const log = await openPostgresLog({ url: server.url, schema });
  let isOver = false;
  const tailing = tail(log, () => isOver);
  const appenders = await Promise.all(['a', 'b', 'c', 'd'].map((name) => startAppender(schema, name)));
  await sleep(durationMs);
  await Promise.all(appenders.map((one) => one.stop()));
  isOver = true;
  const events = await tailing;
  await log.close();

  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
  const told = appenders.flatMap((one) => one.told);
  // What was acknowledged is there, where it was said to be, and nothing else is.
  const idAt = new Map(events.map(({ position, id }) => [position, id]));
  let acknowledged = 0;
  for (const one of told) {
    if (one.kind === 'counted') acknowledged++;
    if (one.kind !== 'appended') continue;
    acknowledged += one.ids.length;
    expect(one.ids.map((_, index) => idAt.get(one.first + index))).toEqual(one.ids);
    expect(one.last).toBe(one.first + one.ids.length - 1);
  }
  expect(acknowledged).toBe(events.length);
  expect(new Set(idAt.values()).size).toBe(events.length);

  // Conditional appends: none happened behind one that it had not seen, and none was refused without one.
  for (const counter of ['a', 'b']) {
    const counted = events.filter(({ tags }) => tags.includes(`counter:${counter}`)).map(({ position }) => position);
    const between = (after: number, before: number) => counted.filter((one) => one > after && one < before);
    for (const one of told) {
      if (one.kind === 'counted' && one.counter === counter) {
        expect(between(one.after, one.position)).toEqual([]);
        expect(counted).toContain(one.position);
      }
      if (one.kind === 'refused' && one.counter === counter) {
        expect(between(one.after, Number.MAX_SAFE_INTEGER).length).toBeGreaterThan(0);
      }
    }
    expect(counted.length).toBeGreaterThan(10);
  }
  for (const one of appenders) expect(one.told.filter(({ kind }) => kind === 'appended').length).toBeGreaterThan(10);
});

test('a commit that is held back keeps later ones back, and no reader skips it', { timeout: 60_000 }, async () => {
  const schema = 'held';
  const [slow, fast, reader] = await Promise.all(
    [1, 2, 3].map(() => openPostgresLog({ url: server.url, schema, pollMs: 20 })),
  );
  const admin = new pg.Client(server.url);
  await admin.connect();
  // The transaction that appends an event of type Slow waits at its very end, in the commit, for a lock.
  await admin.query(`
    CREATE FUNCTION held.wait() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock(4964); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON held.events DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.type = 'Slow') EXECUTE FUNCTION held.wait()`);
  await admin.query('SELECT pg_advisory_lock(4964)');
  const seen: number[] = [];
  let isOver = false;
  const tailing = (async () => {
    while (!isOver || seen.length < 6) {
      for (const { position } of await reader!.read(allEvents, { after: seen.at(-1) ?? 0 })) seen.push(position);
      await sleep(5);
    }
  })();
  const event = (type: string) => ({ type, version: 1, data: {}, tags: [] });
  await fast!.append([event('Before')]);
  const held = slow!.append([event('Slow')]);
  await sleep(200);
  const later = Promise.all([1, 2, 3, 4].map(() => fast!.append([event('Later')])));
  await sleep(500);
  expect(seen).toEqual([1]);
  await admin.query('SELECT pg_advisory_unlock(4964)');
  expect(await held).toEqual({ first: 2, last: 2 });
  expect((await later).map(({ last }) => last)).toEqual([3, 4, 5, 6]);
  isOver = true;
  await tailing;
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  await admin.end();
  await Promise.all([slow, fast, reader].map((log) => log!.close()));
});
