import { setTimeout as sleep } from 'node:timers/promises';
import { allEvents } from 'carillon/log';
import pg from 'pg';
import { expect, test } from 'vitest';
import { event, numbers, proxiedLogs } from './proxied-logs.fixture.js';

const here = proxiedLogs('unknown');
const { open } = here;

test.each([
  ['the server has committed', 'cut'],
  ['the server has heard nothing', 'drop'],
] as const)('a connection lost while an append is on its way, when %s: it is there once', async (_, what) => {
  const log = await open(here.proxied);
  await log.append([event(0)]);
  for (let n = 1; n <= 10; n++) {
    let isDone = false;
    here.proxy.onClientData = (data) => {
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
  const cut = await open(here.proxied);
  const other = await open(here.server.url);
  let isOver = false;
  let isThrough = false;
  const cutting = (async () => {
    while (!isOver) {
      await sleep(20 + Math.random() * 60);
      isThrough = false;
      here.proxy.cutAll();
      // However slow a new connection is to come, something goes through it before it is cut.
      while (!isThrough && !isOver) await sleep(1);
    }
  })();
  const writing = [cut, other].map(async (log, writer) => {
    for (let n = 0; n < 300; n += 3) {
      await Promise.all([0, 1, 2].map((k) => log.append([event(writer * 1_000 + n + k)])));
      if (log === cut) isThrough = true;
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
  const log = await open(here.server.url);
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
    if (how === 'kill') await here.server.kill();
    await here.server.restart();
  }
  await sleep(300);
  isOver = true;
  await Promise.all(writing);
  const found = await numbers(log);
  expect([...found].sort((one, two) => one - two)).toEqual(acknowledged.sort((one, two) => one - two));
});

// Pages of what others have appended have 5,000 events.
test.each([10_000, 12_000])('who was away while %i events happened catches up, and then appends', async (count) => {
  const away = await open(here.proxied);
  await away.append([event(0)]);
  const other = await open(here.server.url);
  // It hears of nothing meanwhile, and cannot reach the server.
  here.proxy.onClientData = () => 'drop';
  here.proxy.cutAll();
  const once = { failIfEventsMatch: { items: [{ tags: ['n:-2'] }] }, after: 1 };
  const conflicting = away.append([event(-1)], { failIfEventsMatch: { items: [{ tags: ['n:777'] }] }, after: 1 });
  const unhurt = away.append([event(-2)], once);
  conflicting.catch(() => undefined);
  for (let n = 1; n < count; n += 1_000) {
    await other.append(Array.from({ length: 1_000 }, (_, k) => event(n + k)));
  }
  here.proxy.onClientData = undefined;
  await expect(conflicting).rejects.toMatchObject({ conflictingPosition: 778 });
  expect(await unhurt).toEqual({ first: count + 2, last: count + 2 });
  await expect(away.append([event(-2)], once)).rejects.toMatchObject({ conflictingPosition: count + 2 });
  expect(await away.head()).toBe(count + 2);
});

test('a statement that arrives after its writer has sent the batch anew changes nothing', async () => {
  const log = await open(here.proxied);
  await log.append([event(0)]);
  let isDone = false;
  here.proxy.onClientData = (data) => {
    if (isDone || !data.includes('{"n":1}')) return 'pass';
    isDone = true;
    return 'late';
  };
  expect(await log.append([event(1)])).toEqual({ first: 2, last: 2 });
  here.proxy.deliver();
  await sleep(200);
  expect(await log.append([event(2)])).toEqual({ first: 3, last: 3 });
  expect(await numbers(await open(here.server.url))).toEqual([0, 1, 2]);
});

test('a condition on old events waits for a database that is away, as the append itself does', async () => {
  const log = await open(here.proxied);
  for (let n = 0; n < 40_000; n += 5_000) await log.append(Array.from({ length: 5_000 }, (_, k) => event(n + k)));
  const admin = new pg.Client(here.server.url);
  await admin.connect();
  const segments = () =>
    admin.query(`SELECT segments FROM ${here.schema}.log_index`).then(({ rows }) => rows[0].segments);
  await expect.poll(segments).toBe(4);
  await log.append([event(40_000)]);
  await admin.end();
  here.proxy.onClientData = () => 'drop';
  here.proxy.cutAll();
  const once = { failIfEventsMatch: { items: [{ tags: ['n:3'] }] } };
  const refused = log.append([event(3)], once);
  const appended = log.append([event(50_000)], { failIfEventsMatch: { items: [{ tags: ['n:50000'] }] } });
  refused.catch(() => undefined);
  await sleep(300);
  here.proxy.onClientData = undefined;
  await expect(refused).rejects.toMatchObject({ conflictingPosition: 4 });
  expect(await appended).toEqual({ first: 40_002, last: 40_002 });
});

test('an append of which nothing was heard is not called failed because the question fails, too', async () => {
  const admin = new pg.Client(here.server.url);
  await admin.connect();
  const log = await open(here.proxied, { answerTimeoutMs: 300 });
  await log.append([event(0)]);
  let isDone = false;
  here.proxy.onClientData = (data) => {
    if (isDone || !data.includes('{"n":1}')) return 'pass';
    isDone = true;
    return 'cut';
  };
  const appended = log.append([event(1)]);
  // Somebody holds the head for longer than the question may wait.
  await expect.poll(() => isDone).toBe(true);
  await sleep(50);
  await admin.query(`BEGIN; SELECT 1 FROM ${here.schema}.log_head FOR UPDATE`);
  await sleep(500);
  await admin.query('ROLLBACK');
  expect(await appended).toEqual({ first: 2, last: 2 });
  await admin.end();
});

test('while somebody holds the head, appends wait, and connections do not pile up', async () => {
  const admin = new pg.Client(here.server.url);
  await admin.connect();
  const log = await open(here.server.url, { answerTimeoutMs: 300, patienceMs: 1_000 });
  await log.append([event(0)]);
  const sql = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'carillon ${here.schema} writer'`;
  const connections = async () => (await admin.query<{ count: number }>(sql)).rows[0]!.count;
  await admin.query(`BEGIN; SELECT FROM ${here.schema}.log_head FOR UPDATE`);
  await expect(log.append([event(1)])).rejects.toThrow(
    /a transaction that has appended.*does not end. Nothing was appended/,
  );
  const appended = log.append([event(2)]);
  await sleep(600);
  expect(await connections()).toBeLessThanOrEqual(2);
  await admin.query('ROLLBACK');
  expect(await appended).toEqual({ first: 2, last: 2 });
  expect(await numbers(log)).toEqual([0, 2]);
  await admin.end();
});

test('an append that never arrives fails when there is no more patience, and others go on', async () => {
  const log = await open(here.proxied, { patienceMs: 500 });
  await log.append([event(0)]);
  here.proxy.onClientData = (data) => (data.includes('{"n":1}') ? 'drop' : 'pass');
  await expect(log.append([event(1)])).rejects.toThrow(/could not write to the log: .*Nothing was appended/);
  expect(await log.append([event(2)])).toEqual({ first: 2, last: 2 });
  expect(await numbers(log)).toEqual([0, 2]);
});

test('a connection on which nothing comes any more counts as lost after a while', async () => {
  const log = await open(here.proxied, { answerTimeoutMs: 300 });
  await log.append([event(0)]);
  here.proxy.silenceAll();
  expect(await log.append([event(1)])).toEqual({ first: 2, last: 2 });
  const other = await open(here.server.url);
  await other.append([event(2)]);
  await expect.poll(() => log.read(allEvents, { after: 2 })).toHaveLength(1);
});

test('a log that is closed while PostgreSQL is away says of what is on its way that it is not known, and is closed in time', async () => {
  const log = await open(here.proxied);
  await log.append([event(0)]);
  let isAway = false;
  here.proxy.onClientData = (data) => {
    if (isAway) return 'drop';
    isAway = data.includes('{"n":1}');
    return isAway ? 'cut' : 'pass';
  };
  const appends = [log.append([event(1)]), sleep(50).then(() => log.append([event(2)]))];
  await expect.poll(() => isAway).toBe(true);
  await sleep(100);
  const begunMs = performance.now();
  const failed = appends.map((append) => expect(append).rejects.toMatchObject({ code: 'log-outcome-unknown' }));
  await log.close();
  expect(performance.now() - begunMs).toBeLessThan(20_000);
  await Promise.all(failed);
});
