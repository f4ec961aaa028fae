import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../definitions/clock.js';
import { reaction } from '../definitions/reaction.js';
import { readProgress } from './progress.js';
import { Paid, Placed, shop } from './reacting.fixture.js';
import { Reactions } from './reactions.js';
import { systemScheduler } from './scheduler.js';
import { noteEach, useSharing } from './sharing.fixture.js';
import { slices } from './slice.js';

const used = useSharing();

test('processes share a reaction by its keys: each event is done once, in the order of its key', async () => {
  const { sharing } = used;
  const { workers, failures } = sharing;
  const done: { member: string; orderId: string; customer: string }[] = [];
  const noting = (member: string) =>
    reaction('note', {
      on: Placed,
      startsAt: 'beginning',
      inOrderBy: (e) => e.customer,
      run: async (e) => {
        await sleep(1);
        done.push({ member, ...e });
      },
    });
  await sharing.work('a', noting('a'));
  await sharing.work('b', noting('b'));
  const shares = () => workers.map(({ keeper }) => keeper.held.length);
  await expect.poll(shares).toEqual([slices.length / 2, slices.length / 2]);
  await sharing.place(200);
  await expect.poll(() => done).toHaveLength(200);
  expect(new Set(done.map(({ orderId }) => orderId)).size).toBe(200);
  const doers = new Map<string, Set<string>>();
  for (const { member, customer } of done) doers.set(customer, (doers.get(customer) ?? new Set()).add(member));
  for (const members of doers.values()) expect(members.size).toBe(1);
  expect(new Set(done.map(({ member }) => member))).toEqual(new Set(['a', 'b']));
  for (let c = 0; c < 20; c++) {
    const order = done.filter(({ customer }) => customer === `c${c}`).map(({ orderId }) => Number(orderId.slice(1)));
    expect(order).toEqual([...order].sort((one, other) => one - other));
  }
  expect(failures).toEqual([]);
});

test('what one leaves the others do, from where it was', async () => {
  const { sharing } = used;
  const done: string[] = [];
  const noting = noteEach((orderId) => done.push(orderId));
  const first = await sharing.work('a', noting);
  await sharing.place(50);
  await expect.poll(() => done).toHaveLength(50);
  await first.close();
  await sharing.place(50, 50);
  await sharing.work('b', noting);
  await expect.poll(() => done).toHaveLength(100);
  expect(new Set(done).size).toBe(100);
});

test('a slice that has nothing to do does not look as if it had', async () => {
  const { sharing } = used;
  const { log } = sharing;
  const done: string[] = [];
  const noting = noteEach((orderId) => done.push(orderId));
  await sharing.work('a', noting);
  await sharing.work('b', noting);
  await sharing.place(1);
  await expect.poll(() => done).toHaveLength(1);
  const [placed] = await log.read({ items: [{ types: ['Placed'] }] });
  const position = async () => (await readProgress(log, 'note'))?.position ?? 0;
  await expect.poll(() => position()).toBeGreaterThanOrEqual(placed!.position);
  // And it stays quiet: what is recorded is nothing to be recorded again.
  const head = await log.head();
  await sleep(2_500);
  expect((await log.head()) - head).toBeLessThanOrEqual(slices.length);
});

test('what the version before passes over, because it is about less, is done by the next one', async () => {
  const { sharing } = used;
  const { log } = sharing;
  const done: string[] = [];
  const note = (member: string, on: readonly (typeof Placed | typeof Paid)[]) =>
    reaction('note', {
      on,
      startsAt: 'beginning',
      run: (e, { event }) => void done.push(`${member} ${event.type} ${e.orderId}`),
    });
  const before = await sharing.work('v1', note('v1', [Placed]));
  await sharing.place(1);
  await expect.poll(() => done).toEqual(['v1 Placed o0']);
  // The next one is there, and the one before has the lease.
  await sharing.work('v2', note('v2', [Placed, Paid]));
  await log.append([Paid({ orderId: 'o0' })]);
  await sharing.place(1, 1);
  await expect.poll(() => done).toContain('v1 Placed o1');
  await before.close();
  await expect.poll(() => done).toContain('v2 Paid o0');
  await log.append([Paid({ orderId: 'o1' })]);
  await expect.poll(() => done).toContain('v2 Paid o1');
  expect(done).toEqual(['v1 Placed o0', 'v1 Placed o1', 'v2 Paid o0', 'v2 Paid o1']);
});

test('a process that leaves the work to others says what it is about in its version', async () => {
  const { sharing } = used;
  const { log, failures } = sharing;
  const note = (on: readonly (typeof Placed | typeof Paid)[]) =>
    reaction('note', { on, startsAt: 'beginning', run: () => undefined });
  await sharing.work('v1', note([Placed]));
  const started = { items: [{ types: ['carillon:reaction-started'] }] };
  await expect.poll(() => log.read(started)).toHaveLength(1);
  const taking = new Reactions({
    application: shop(note([Placed, Paid])),
    log,
    issueCommand: () => Promise.reject(new Error('nothing is issued')),
    scheduler: systemScheduler(systemClock),
    onFailure: (failure) => failures.push(failure),
  });
  await taking.watch();
  const extensions = { items: [{ types: ['carillon:reaction-extended'] }] };
  const [extended] = await log.read(extensions, { backwards: true, limit: 1 });
  expect(extended?.data).toEqual({ reaction: 'note', types: ['Paid'] });
});

test('where everything is done in one process again, it goes on where the slices were', async () => {
  const { sharing } = used;
  const { log, failures } = sharing;
  const done: string[] = [];
  const noting = noteEach((orderId) => done.push(orderId));
  const shared = await sharing.work('a', noting);
  await sharing.place(30);
  await expect.poll(() => done).toHaveLength(30);
  await shared.close();
  const whole = new Reactions({
    application: shop(noting),
    log,
    issueCommand: () => Promise.reject(new Error('nothing is issued')),
    scheduler: systemScheduler(systemClock),
    onFailure: (failure) => failures.push(failure),
  });
  await whole.start();
  await sharing.place(5, 30);
  whole.wake(await log.head());
  await expect.poll(() => done).toHaveLength(35);
  expect(new Set(done).size).toBe(35);
  await whole.close();
});

test('parked events of every slice are seen and retried by any process', async () => {
  const { sharing } = used;
  let isBroken = true;
  const done: string[] = [];
  const picky = reaction('picky', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    retry: { maxAttempts: 1 },
    run: (e) => {
      if (isBroken) throw new Error('not today');
      done.push(e.orderId);
    },
  });
  await sharing.work('a', picky);
  const other = await sharing.work('b', picky);
  await sharing.place(8);
  await expect.poll(async () => (await other.reactions.states())[0]?.parked).toHaveLength(8);
  isBroken = false;
  const [state] = await other.reactions.states();
  for (const { position } of state!.parked) await other.reactions.retry('picky', position, 'ann');
  await expect.poll(() => done.sort()).toEqual(['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7']);
});
