import { setTimeout as sleep } from 'node:timers/promises';
import { allEvents, type Log, readAll } from 'carillon/log';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { TcpProxy } from '../../test-support/tcp-proxy.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresLog } from './open.js';

let server: EmbeddedPostgres;
let proxy: TcpProxy;
let schemas = 0;
let schema: string;
let logs: Log[];

beforeAll(async () => {
  server = await startEmbeddedPostgres();
});
afterAll(async () => {
  await server?.stop();
});
beforeEach(async () => {
  proxy = await TcpProxy.before(server.url);
  schema = `unknown_${++schemas}`;
  logs = [];
});
afterEach(async () => {
  proxy.onClientData = undefined;
  await Promise.all(logs.map((log) => log.close()));
  await proxy.close();
});

async function open(url: string): Promise<Log> {
  const log = await openPostgresLog({ url, schema, pollMs: 20 });
  logs.push(log);
  return log;
}

const event = (n: number) => ({ type: 'Noted', version: 1, data: { n }, tags: [`n:${n}`] });

async function numbers(log: Log): Promise<number[]> {
  await log.head();
  const found: number[] = [];
  for await (const { data } of readAll(log, allEvents)) found.push((data as { n: number }).n);
  return found;
}

test.each([
  ['the server has committed', 'cut'],
  ['the server has heard nothing', 'drop'],
] as const)('a connection lost while an append is on its way, when %s: it is there once', async (_, what) => {
  const log = await open(proxy.through(server.url));
  await log.append([event(0)]);
  for (let n = 1; n <= 10; n++) {
    let isDone = false;
    proxy.onClientData = (data) => {
      // The statement that appends, by the data that it carries.
      if (isDone || !data.includes(`{"n":${n}}`)) return 'pass';
      isDone = true;
      return what;
    };
    expect(await log.append([event(n)])).toEqual({ first: n + 1, last: n + 1 });
    expect(isDone).toBe(true);
  }
  expect(await numbers(log)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('a connection lost while it commits beside another writer: everything is there once, in one order for both', async () => {
  const cut = await open(proxy.through(server.url));
  const other = await open(server.url);
  let isOver = false;
  const cutting = (async () => {
    while (!isOver) {
      await sleep(20 + Math.random() * 60);
      proxy.cutAll();
    }
  })();
  const writing = [cut, other].map(async (log, writer) => {
    for (let n = 0; n < 300; n += 3) {
      await Promise.all([0, 1, 2].map((k) => log.append([event(writer * 1_000 + n + k)])));
    }
  });
  await Promise.all(writing);
  isOver = true;
  await cutting;
  const found = await numbers(other);
  const expected = [0, 1_000].flatMap((base) => Array.from({ length: 300 }, (_, n) => base + n));
  expect([...found].sort((one, two) => one - two)).toEqual(expected);
  expect(await numbers(cut)).toEqual(found);
});

test('a server that is restarted loses nothing that was acknowledged, and takes everything once', async () => {
  const log = await open(server.url);
  const acknowledged: number[] = [];
  let isOver = false;
  let next = 0;
  const writing = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const n = next++;
      await log.append([event(n)]);
      acknowledged.push(n);
    }
  });
  for (const how of ['restart', 'kill'] as const) {
    await sleep(300);
    if (how === 'kill') await server.kill();
    await server.restart();
  }
  await sleep(300);
  isOver = true;
  await Promise.all(writing);
  const found = await numbers(log);
  expect([...found].sort((one, two) => one - two)).toEqual(acknowledged.sort((one, two) => one - two));
});

test('who was away while much happened catches up, and then appends', async () => {
  const away = await open(proxy.through(server.url));
  await away.append([event(0)]);
  const other = await open(server.url);
  // It hears of nothing meanwhile, and cannot reach the server.
  proxy.onClientData = () => 'drop';
  proxy.cutAll();
  const conflicting = away.append([event(-1)], { failIfEventsMatch: { items: [{ tags: ['n:777'] }] }, after: 1 });
  const unhurt = away.append([event(-2)], { failIfEventsMatch: { items: [{ tags: ['n:-2'] }] }, after: 1 });
  conflicting.catch(() => undefined);
  for (let n = 1; n < 12_000; n += 1_000) {
    await other.append(Array.from({ length: 1_000 }, (_, k) => event(n + k)));
  }
  proxy.onClientData = undefined;
  await expect(conflicting).rejects.toMatchObject({ conflictingPosition: 778 });
  expect(await unhurt).toEqual({ first: 12_002, last: 12_002 });
  expect(await away.head()).toBe(12_002);
});
