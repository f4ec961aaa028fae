import { randomBytes } from 'node:crypto';
import { type AppendCondition, allEvents, type Log } from 'carillon/log';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { TcpProxy } from '../../test-support/tcp-proxy.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresLog } from './open.js';

let server: EmbeddedPostgres;
let admin: pg.Client;
let schema: string;
let schemas = 0;
let proxy: TcpProxy;
let other: Log;
let unaware: Log;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
  admin = new pg.Client(server.url);
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

// The one hears nothing of what the other appends: it neither listens nor looks.
beforeEach(async () => {
  schema = `beside_${++schemas}`;
  proxy = await TcpProxy.before(server.url);
  unaware = await openPostgresLog({ url: proxy.through(server.url), schema, pollMs: 600_000 });
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
    `carillon ${schema} listener`,
  ]);
  other = await openPostgresLog({ url: server.url, schema });
});
afterEach(async () => {
  await Promise.all([other.close(), unaware.close()]);
  await proxy.close();
});

function event(type: string, ...tags: string[]) {
  return { type, version: 1, data: { of: type }, tags };
}

function unless(...items: AppendCondition['failIfEventsMatch']['items']): AppendCondition {
  return { failIfEventsMatch: { items }, after: 0 };
}

test('what has nothing to do with what others appended goes behind it, and both are known then', async () => {
  await other.append([event('Opened', 'door:1'), event('Painted')]);
  const appended = await unaware.append([event('Opened', 'door:2')], unless({ tags: ['door:2'] }));
  expect(appended).toEqual({ first: 3, last: 3 });
  const all = await unaware.read(allEvents);
  expect(all.map(({ type, tags, data }) => [type, tags, data])).toEqual([
    ['Opened', ['door:1'], { of: 'Opened' }],
    ['Painted', [], { of: 'Painted' }],
    ['Opened', ['door:2'], { of: 'Opened' }],
  ]);
  expect(await other.head()).toBe(3);
  expect(await other.read(allEvents)).toEqual(all);
});

test('what others have appended is as they have: version, id, metadata, time and strange characters', async () => {
  const strange = {
    ...event('T\u001f', 'a\u001eb', 'c\u0000d', 'é\u{1f514}'),
    version: 3,
    id: 'i\u0001d',
    metadata: { by: 'x' },
  };
  await other.append([strange, event('Plain'), { ...event('Plain'), data: ['\u001f', null] }]);
  await unaware.append([event('Own')]);
  await other.head();
  const events = await unaware.read(allEvents);
  expect(events[0]).toMatchObject(strange);
  expect(events).toHaveLength(4);
  expect(events).toEqual(await other.read(allEvents));
});

test.each([
  ['a tag', unless({ tags: ['door:1'] })],
  ['one of two tags and a type', unless({ tags: ['door:1', 'a'], types: ['Opened'] })],
  ['a type', unless({ types: ['Closed', 'Opened'] })],
  ['one of several items', unless({ tags: ['door:7'] }, { types: ['Opened'] })],
  ['anything', unless()],
])('a condition that fails because of what another has appended is refused: %s', async (_, condition) => {
  await unaware.append([event('Begun')]);
  await other.append([event('Built', 'door:3'), event('Opened', 'a', 'door:1')]);
  const refused = unaware.append([event('Opened', 'door:1')], { ...condition, after: 1 });
  const expected = condition.failIfEventsMatch.items.length === 0 ? 2 : 3;
  await expect(refused).rejects.toMatchObject({ name: 'AppendConditionError', conflictingPosition: expected });
  expect(await unaware.head()).toBe(3);
});

test('what only looks like a conflict in the database is appended all the same', async () => {
  await other.append([event('Opened', 'door:1')]);
  expect(await unaware.append([event('Closed')], unless({ tags: ['door:1'], types: ['Closed'] }))).toEqual({
    first: 2,
    last: 2,
  });
});

test('of appends that go out together only those that are in conflict are refused', async () => {
  await other.append([event('Opened', 'door:1')]);
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map((door) => unaware.append([event('Opened', `door:${door}`)], unless({ tags: [`door:${door}`] }))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect((await unaware.read(allEvents)).map(({ tags }) => tags[0])).toEqual(['door:1', 'door:2', 'door:3']);
});

test('what went behind others is found there when the connection was lost meanwhile', async () => {
  await other.append([event('Opened', 'door:1'), event('Opened', 'door:2')]);
  let isCut = false;
  proxy.onClientData = (data) => {
    if (isCut || !data.includes('door:3')) return 'pass';
    isCut = true;
    return 'cut';
  };
  const appended = await unaware.append([event('Opened', 'door:3')], unless({ tags: ['door:3'] }));
  expect(appended).toEqual({ first: 3, last: 3 });
  expect(isCut).toBe(true);
  await other.head();
  expect((await unaware.read(allEvents)).map(({ tags }) => tags[0])).toEqual(['door:1', 'door:2', 'door:3']);
  expect(await other.read(allEvents)).toEqual(await unaware.read(allEvents));
});

test('whoever the database takes for a conflict again and again gets on all the same', async () => {
  let isOver = false;
  const opening = Array.from({ length: 4 }, async () => {
    while (!isOver) await other.append([event('Opened', 'door:1')]);
  });
  for (let n = 0; n < 20; n++) {
    await unaware.append([event('Painted')], unless({ tags: ['door:1'], types: ['Closed'] }));
  }
  isOver = true;
  await Promise.all(opening);
  await other.head();
  expect(await other.read({ items: [{ types: ['Painted'] }] })).toHaveLength(20);
});

test('two that hammer on the same counter both get on, and lose no count', async () => {
  const third = await openPostgresLog({ url: server.url, schema });
  const query = { items: [{ tags: ['counter'] }] };
  const count = async (log: Log, times: number) => {
    for (let done = 0; done < times; ) {
      const { position, events, durable } = await log.load([{ query, after: 0 }]);
      const next = { type: 'Counted', version: 1, data: events[0]!.length + 1, tags: ['counter'] };
      try {
        await log.append([next], { failIfEventsMatch: query, after: position });
        done++;
      } catch (error) {
        expect(error).toMatchObject({ name: 'AppendConditionError' });
        await durable?.catch(() => undefined);
      }
    }
  };
  await Promise.all([other, third].flatMap((log) => Array.from({ length: 4 }, () => count(log, 25))));
  await other.head();
  expect((await other.read(query)).map(({ data }) => data)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  await third.close();
});

test('an append that is decided on what another process has told of is not refused for it', async () => {
  await other.append([event('Opened', 'door:1'), event('Opened', 'door:2')]);
  const condition = { failIfEventsMatch: { items: [{ tags: ['door:3'] }] }, after: 2 };
  expect(await unaware.append([event('Opened', 'door:3')], condition)).toEqual({ first: 3, last: 3 });
  const again = { failIfEventsMatch: { items: [{ tags: ['door:3'] }] }, after: 2 };
  await expect(unaware.append([event('Opened', 'door:3')], again)).rejects.toMatchObject({ conflictingPosition: 3 });
});

test('events of others that are too large together are taken in page by page', async () => {
  // They do not get smaller when they are compressed.
  const large = (n: number) => ({ ...event('Large', `n:${n}`), data: { of: randomBytes(600_000).toString('base64') } });
  for (let n = 0; n < 8; n++) await other.append([large(n)]);
  const append = `SELECT is_written, foreign_types FROM ${schema}.append_batch(0, 'x', 1, 'A', '', '', '{}', '', '', '0', '', '')`;
  expect((await admin.query(append)).rows).toEqual([{ is_written: false, foreign_types: null }]);
  expect(await unaware.append([event('Opened')], unless({ tags: ['door:1'] }))).toEqual({ first: 9, last: 9 });
  expect(await other.head()).toBe(9);
  expect(await unaware.read(allEvents)).toEqual(await other.read(allEvents));
  const third = await openPostgresLog({ url: server.url, schema });
  expect((await third.read(allEvents)).map(({ type }) => type)).toEqual([...Array(8).fill('Large'), 'Opened']);
  await third.close();
});
