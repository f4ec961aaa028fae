// A log of which the newest events are gone: its database was restored, or a standby promoted that did not have them.
import { allEvents } from 'carillon/log';
import pg from 'pg';
import { expect, test } from 'vitest';
import { event, numbers, proxiedLogs } from './proxied-logs.fixture.js';

const here = proxiedLogs('set_back');
const { open } = here;

async function setBack(position: number): Promise<void> {
  const admin = new pg.Client(here.server.url);
  await admin.connect();
  // As a standby that is promoted before it had everything.
  await admin.query(`BEGIN; DELETE FROM ${here.schema}.events WHERE position > ${position};
    UPDATE ${here.schema}.log_head SET position = ${position}; COMMIT`);
  await admin.end();
}

test('a log that was set back is appended to by nobody who has seen more', async () => {
  const log = await open(here.server.url, { pollMs: 60_000 });
  for (let n = 0; n < 4; n++) await log.append([event(n)]);
  await setBack(2);
  await expect(log.append([event(4)])).rejects.toThrow(
    /ends at position 2, but this process has seen it reach 4.*restart it/,
  );
  await expect(log.read(allEvents)).rejects.toThrow(/restart it/);
  await expect(log.append([event(5)])).rejects.toThrow(/restart it/);
  const again = await open(here.server.url);
  expect(await numbers(again)).toEqual([0, 1]);
  expect(await again.append([event(6)])).toEqual({ first: 3, last: 3 });
});

// Behind what it has in memory, or only behind what it was about to read.
test.each([3, 5])('that it was set back to %i while a process catches up is noticed', async (position) => {
  const log = await open(here.proxied);
  for (let n = 0; n < 4; n++) await log.append([event(n)]);
  const other = await open(here.server.url);
  // It learns of the head, and loses its connections before it has read up to there.
  let asked = 0;
  let hasLearned = false;
  here.proxy.onClientData = (data) => {
    hasLearned ||= asked > 0 && data.includes('extent');
    if (!data.includes('events-following')) return 'pass';
    asked++;
    return 'drop';
  };
  await expect.poll(() => asked).toBeGreaterThan(0);
  for (let n = 4; n < 7; n++) await other.append([event(n)]);
  hasLearned = false;
  const told = { failIfEventsMatch: { items: [{ tags: ['n:7'] }] }, after: 7 };
  const append = expect(log.append([event(7)], told)).rejects.toThrow(/seen it reach \d.*restart it/);
  await expect.poll(() => hasLearned).toBe(true);
  const askedBefore = asked;
  await expect.poll(() => asked).toBeGreaterThan(askedBefore + 2);
  await setBack(position);
  here.proxy.onClientData = undefined;
  await append;
  await expect(log.read(allEvents)).rejects.toThrow(/restart it/);
});

test.each(['appends', 'had an append on its way', 'reads'])(
  'that it was set back, and appended to by others, is noticed by who %s when he reaches it again',
  async (what) => {
    const log = await open(here.proxied, { pollMs: what === 'reads' ? 20 : 60_000 });
    for (let n = 0; n < 4; n++) await log.append([event(n)]);
    here.proxy.onClientData = () => 'drop';
    const appends = what === 'had an append on its way' ? [log.append([event(4)])] : [];
    const refused = () => appends.map((one) => expect(one).rejects.toThrow(/another event at position 4 .*restart it/));
    const onItsWay = refused();
    here.proxy.cutAll();
    await setBack(2);
    const other = await open(here.server.url);
    for (let n = 10; n < 13; n++) await other.append([event(n)]);
    here.proxy.onClientData = undefined;
    if (what === 'appends') appends.push(log.append([event(4)]));
    await Promise.all([...onItsWay, ...refused()]);
    const read = async () => log.read(allEvents).then(() => 'read', String);
    await expect.poll(read, { timeout: 10_000 }).toMatch(/restart it/);
    expect(await numbers(other)).toEqual([0, 1, 10, 11, 12]);
  },
);

test('that it was set back is noticed by who only reads', async () => {
  const writer = await open(here.server.url);
  for (let n = 0; n < 4; n++) await writer.append([event(n)]);
  const reader = await open(here.server.url);
  await setBack(2);
  await expect
    .poll(
      () =>
        Promise.resolve()
          .then(() => reader.read(allEvents))
          .catch(String),
      { timeout: 10_000 },
    )
    .toMatch(/restart it/);
});
