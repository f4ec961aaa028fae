import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RecordedEvent } from 'carillon';
import { allEvents, type Log } from 'carillon/log';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Operation, problemsOf } from '../../test-support/append-history.js';
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
  readonly operations: Operation[];
  stop(): Promise<void>;
}

async function startAppender(schema: string, name: string): Promise<Appender> {
  const child: ChildProcess = fork(program, [server.url, schema, name]);
  const operations: Operation[] = [];
  child.on('message', (told: Told) => {
    if (told !== 'ready') operations.push(told);
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended]);
  return {
    operations,
    async stop() {
      child.send('stop');
      expect(await ended).toEqual([0, null]);
    },
  };
}

function allOf(appenders: readonly Appender[]): Operation[] {
  return appenders.flatMap(({ operations }) => operations);
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

test('four processes append at a time, a reader misses nothing, and their history is linearizable', {
  timeout: durationMs + 120_000,
}, async () => {
  const schema = 'many';
  const log = await openPostgresLog({ url: server.url, schema });
  let isOver = false;
  const tailing = tail(log, () => isOver);
  const appenders = await Promise.all(['a', 'b', 'c', 'd'].map((name) => startAppender(schema, name)));
  await sleep(durationMs);
  // So long that it is not too easy: everybody has appended, and conditions have failed because of others.
  const count = (kind: string, of: readonly Operation[]) => of.filter((one) => one.kind === kind).length;
  await expect.poll(() => Math.min(...appenders.map((one) => count('appended', one.operations)))).toBeGreaterThan(10);
  await expect.poll(() => count('refused', allOf(appenders))).toBeGreaterThan(10);
  await Promise.all(appenders.map((one) => one.stop()));
  isOver = true;
  const events = await tailing;
  await log.close();

  const operations = allOf(appenders);
  expect(problemsOf(events, operations)).toEqual([]);
  if (durationMs >= 60_000) {
    const counts = ['appended', 'refused', 'loaded'].map((kind) => `${count(kind, operations)} ${kind}`);
    process.stdout.write(`${events.length} events: ${counts.join(', ')}\n`);
  }
});

test('a commit that is held back keeps later ones back, and no reader skips it', async () => {
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
  // Until it waits for its lock, it has not got its position.
  const waiting = "SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
  await expect.poll(async () => (await admin.query(waiting)).rows).toEqual([{ count: 1 }]);
  const later = Promise.all([1, 2, 3, 4].map(() => fast!.append([event('Later')])));
  await expect.poll(() => seen).toEqual([1]);
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
