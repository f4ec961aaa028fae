import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../definitions/clock.js';
import { reaction } from '../definitions/reaction.js';
import type { Log } from '../log/log.js';
import { readAll } from '../log/read-all.js';
import { claimWork } from './claim.js';
import { readProgress } from './progress.js';
import { Placed } from './reacting.fixture.js';
import { Reactor } from './reactor.js';
import { systemScheduler } from './scheduler.js';
import { noteEach, useSharing } from './sharing.fixture.js';
import { slices } from './slice.js';
import type { Work } from './work.js';
import { eventRetried, unitTag, workEvent } from './work-events.js';

const used = useSharing();

/** Work on orders that are placed, each event by itself unless it is said otherwise; tried once. */
function notingWork(parts: Pick<Work, 'perform'> & Partial<Work>): Work {
  return {
    name: 'note',
    query: { items: [{ types: ['Placed'] }] },
    startsAt: 'beginning',
    maxConcurrency: 4,
    timeoutMs: 1_000,
    retry: { maxAttempts: 1, baseDelayMs: 1, maxDelayMs: 1 },
    keysOf: (event) => [event.id],
    ...parts,
  };
}

test('one that was frozen records nothing and begins nothing when it wakes up', async () => {
  const { sharing } = used;
  const { log } = sharing;
  const done: { member: string; orderId: string }[] = [];
  let wakeUp = () => {};
  const woken = new Promise<void>((resolve) => {
    wakeUp = resolve;
  });
  const noting = (member: string, before: (orderId: string) => Promise<void>) =>
    reaction('note', {
      on: Placed,
      startsAt: 'beginning',
      inOrderBy: (e) => e.customer,
      retry: { maxAttempts: 1 },
      run: async (e) => {
        await before(e.orderId);
        done.push({ member, orderId: e.orderId });
      },
    });
  let isAtIt = false;
  const frozen = await sharing.work(
    'a',
    noting('a', async (orderId) => {
      if (orderId !== 'o0') return;
      isAtIt = true;
      await woken;
      throw new Error('It woke up and failed.');
    }),
  );
  await sharing.place(1);
  await expect.poll(() => isAtIt).toBe(true);
  await sharing.place(40, 1);
  frozen.freeze();
  const second = await sharing.work(
    'b',
    noting('b', async () => undefined),
  );
  await expect.poll(() => second.keeper.held).toHaveLength(slices.length);
  await expect.poll(() => done.filter(({ member }) => member === 'b').map((one) => one.orderId)).toContain('o0');
  const position = async () => (await readProgress(log, 'note'))?.position ?? 0;
  const [last] = await log.read({ items: [{ types: ['Placed'] }] }, { backwards: true, limit: 1 });
  await expect.poll(() => position()).toBeGreaterThanOrEqual(last!.position);
  // Slices that have got farther since their last record say so a second later.
  await sleep(1_200);
  const before = await readProgress(log, 'note');
  const head = await log.head();
  wakeUp();
  await sleep(300);
  await frozen.close();
  // Neither did it park the event, nor say that it had got anywhere.
  expect(await readProgress(log, 'note')).toEqual(before);
  expect(before?.parked.size).toBe(0);
  for await (const { type, data } of readAll(log, { items: [{ types: ['carillon:event-parked'] }] }, { after: head })) {
    expect.fail(`${type} ${JSON.stringify(data)}`);
  }
});

test('a claim that comes when another has long taken over leaves nothing undone', async () => {
  const { sharing } = used;
  const { log } = sharing;
  const done = new Set<string>();
  const noting = noteEach((orderId) => done.add(orderId));
  let letGo = () => {};
  const hung = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let late = 0;
  const slow: Log = Object.assign(Object.create(log), {
    read: log.read.bind(log),
    append: async (...args: Parameters<Log['append']>) => {
      if (args[0][0]?.type === 'carillon:reaction-extended') return log.append(...args);
      await hung;
      return log.append(...args).finally(() => late++);
    },
  });
  const first = await sharing.begin('a', slow, noting);
  await expect.poll(() => first.keeper.held).toHaveLength(slices.length);
  first.freeze();
  const second = await sharing.work('b', noting);
  await sharing.place(20);
  await expect.poll(() => done.size).toBe(20);
  expect(second.keeper.held).toHaveLength(slices.length);
  letGo();
  await expect.poll(() => late).toBe(slices.length);
  await sharing.place(20, 20);
  await expect.poll(() => done.size).toBe(40);
  const position = async () => (await readProgress(log, 'note'))?.position ?? 0;
  const [last] = await log.read({ items: [{ types: ['Placed'] }] }, { backwards: true, limit: 1 });
  await expect.poll(() => position()).toBeGreaterThanOrEqual(last!.position);
  const claims = await log.read({ items: [{ types: ['carillon:work-claimed'] }] });
  expect(new Set(claims.map(({ data }) => (data as { member: string }).member))).toEqual(new Set(['b']));
});

test('who can record nothing any more, though he has the lease, gives it back and begins anew', async () => {
  const { sharing } = used;
  const { log } = sharing;
  const done = new Set<string>();
  const noting = noteEach((orderId) => done.add(orderId));
  await sharing.work('a', noting);
  for (const { index } of slices) {
    const unit = `reaction:note/${index}`;
    await log.append([workEvent('carillon:work-claimed', { unit, member: 'gone', token: 1 }, [unitTag(unit)])]);
  }
  await sharing.place(20);
  const position = async () => (await readProgress(log, 'note'))?.position ?? 0;
  const head = await log.head();
  await expect.poll(() => position()).toBeGreaterThanOrEqual(head);
  await sharing.place(20, 20);
  await expect.poll(() => done.size).toBe(40);
});

test('an outage that takes the leases and lets nothing be recorded is over when it is over', async () => {
  const { sharing } = used;
  const { log, store } = sharing;
  const done = new Set<string>();
  const picky = reaction('picky', {
    on: Placed,
    startsAt: 'beginning',
    retry: { maxAttempts: 1 },
    inOrderBy: (e) => e.customer,
    run: (e) => {
      if (e.orderId === 'o0') throw new Error('not this one');
      done.add(e.orderId);
    },
  });
  const own = Object.create(log) as Log;
  let isAway = false;
  own.read = (query, options) => log.read(query, options);
  own.head = () => log.head();
  own.append = (events, condition) => (isAway ? Promise.reject(new Error('cut off')) : log.append(events, condition));
  const { keeper } = await sharing.begin('a', own, picky);
  await expect.poll(() => keeper.hasAll).toBe(true);
  isAway = true;
  const beat = vi.spyOn(store, 'beat').mockRejectedValue(new Error('cut off'));
  await sharing.place(20);
  await expect.poll(() => keeper.hasAll).toBe(false);
  isAway = false;
  beat.mockRestore();
  await expect.poll(() => keeper.hasAll).toBe(true);
  await sharing.place(20, 20);
  // One order waits behind the first, of the same customer.
  await expect.poll(() => done.size).toBe(38);
});

test('what was retried is not gone on with by who is no longer sure of his lease', async () => {
  const { sharing } = used;
  const { log, failures } = sharing;
  let isHeld = true;
  const lease = { token: 1, isHeld: () => isHeld, giveBack: vi.fn() };
  const performed: number[] = [];
  const work = notingWork({
    keysOf: () => ['all'],
    perform: async (event) => {
      performed.push(event.position);
      if (performed.length === 1) throw new Error('not yet');
      // The process is frozen, and another one takes over.
      isHeld = false;
    },
  });
  const claim = await claimWork(log, 'reaction:note', { member: 'a', lease });
  const scheduler = systemScheduler(systemClock);
  const reactor = new Reactor(work, { log, scheduler, onFailure: (failure) => failures.push(failure), claim });
  await reactor.start();
  await sharing.place(3);
  reactor.wake(await log.head());
  await expect.poll(() => reactor.status().parked).toHaveLength(1);
  const [{ position } = { position: 0 }] = reactor.status().parked;
  await expect.poll(() => reactor.status().open).toBe(0);
  await log.append([eventRetried({ reaction: 'note', key: 'all', position }, undefined)]);
  reactor.wake(await log.head());
  await expect.poll(() => lease.giveBack).toHaveBeenCalledOnce();
  expect(performed).toEqual([position, position]);
  await reactor.close();
});

test('whoever believes that the work is still his, when somebody else has claimed it, can record nothing', async () => {
  const { sharing } = used;
  const { log, failures } = sharing;
  const performed: string[] = [];
  const work = notingWork({
    perform: async (event) => {
      performed.push(event.id);
      throw new Error('It cannot be done.');
    },
  });
  let givenBack = 0;
  const believing = { token: 1, isHeld: () => true, giveBack: () => givenBack++ };
  const claim = await claimWork(log, 'reaction:note', { member: 'a', lease: believing });
  const scheduler = systemScheduler(systemClock);
  const reactor = new Reactor(work, { log, scheduler, onFailure: (failure) => failures.push(failure), claim });
  await reactor.start();
  await claimWork(log, 'reaction:note', { member: 'b', lease: { ...believing, token: 2 } });
  await sharing.place(1);
  reactor.wake(await log.head());
  await expect.poll(() => givenBack).toBe(1);
  expect(performed).toHaveLength(1);
  await reactor.close();
  expect((await readProgress(log, 'note'))?.parked.size).toBe(0);
  await sharing.place(1, 1);
  reactor.wake(await log.head());
  await sleep(50);
  expect(performed).toHaveLength(1);
});

test('whoever was not sure of his lease for a moment, and stopped, gives it back: it may have been renewed since', async () => {
  const { sharing } = used;
  const { log, failures } = sharing;
  let isHeld = true;
  const lease = { token: 1, isHeld: () => isHeld, giveBack: vi.fn() };
  const work = notingWork({
    perform: () => Promise.reject(new Error('It must not be begun.')),
  });
  const claim = await claimWork(log, 'reaction:note', { member: 'a', lease });
  const scheduler = systemScheduler(systemClock);
  const reactor = new Reactor(work, { log, scheduler, onFailure: (failure) => failures.push(failure), claim });
  await reactor.start();
  isHeld = false;
  await sharing.place(1);
  reactor.wake(await log.head());
  await expect.poll(() => lease.giveBack).toHaveBeenCalledOnce();
  await reactor.close();
  expect(failures).toEqual([]);
});
