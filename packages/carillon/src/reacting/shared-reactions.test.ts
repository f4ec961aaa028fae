import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CommandExecutor } from '../deciding/command-executor.js';
import { systemClock } from '../definitions/clock.js';
import type { AnyReaction } from '../definitions/module.js';
import { reaction } from '../definitions/reaction.js';
import { LeaseKeeper } from '../leasing/lease-keeper.js';
import type { LeaseStore } from '../leasing/lease-store.js';
import { MemoryLeaseStore } from '../leasing/memory-lease-store.js';
import type { Log } from '../log/log.js';
import { memoryLog } from '../log/memory-log.js';
import { readAll } from '../log/read-all.js';
import { claimWork } from './claim.js';
import { readProgress } from './progress.js';
import { Paid, Place, Placed, shop } from './reacting.fixture.js';
import { Reactions } from './reactions.js';
import { type ReactionFailure, Reactor } from './reactor.js';
import { systemScheduler } from './scheduler.js';
import { slices } from './slice.js';
import type { Work } from './work.js';
import { eventRetried, unitTag, workEvent } from './work-events.js';

const ttlMs = 400;

/** One process of several: its own keeper and reactions, on the log that all share. */
interface Worker {
  readonly reactions: Reactions;
  readonly keeper: LeaseKeeper;
  /** Resolves when it has begun with what was free. */
  readonly started: Promise<void>;
  /** It hears of nothing and renews nothing any more, as if it were frozen. */
  freeze(): void;
  close(): Promise<void>;
}

let log: Log;
let store: MemoryLeaseStore;
let workers: Worker[];
let failures: ReactionFailure[];

beforeEach(() => {
  log = memoryLog();
  store = new MemoryLeaseStore();
  workers = [];
  failures = [];
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  await log.close();
});

async function work(member: string, ...all: readonly AnyReaction[]): Promise<Worker> {
  const worker = await begin(member, log, ...all);
  await worker.started;
  return worker;
}

/** @param own the log as this process sees it */
async function begin(member: string, own: Log, ...all: readonly AnyReaction[]): Promise<Worker> {
  const application = shop(...all);
  const executor = new CommandExecutor({ application, log: own });
  let isFrozen = false;
  const leases: LeaseStore = {
    beat: (...args) => (isFrozen ? new Promise<never>(() => undefined) : store.beat(...args)),
    acquire: (...args) => store.acquire(...args),
    release: (...args) => store.release(...args),
    look: () => store.look(),
    leave: (...args) => store.leave(...args),
    close: async () => undefined,
  };
  const keeper = new LeaseKeeper({
    store: leases,
    member,
    ttlMs,
    onError: (error) => failures.push({ reaction: 'keeper', error, event: undefined, outcome: 'retried' }),
  });
  const reactions = new Reactions({
    application,
    log: own,
    issueCommand: (request, call) => executor.execute(request, { ...call, isInternal: true }),
    scheduler: systemScheduler(systemClock),
    onFailure: (failure) => failures.push(failure),
    sharing: { keeper, member },
  });
  await reactions.start();
  const stopWaking = log.onAppend((head) => {
    if (!isFrozen) reactions.wake(head);
  });
  const started = keeper.start().then(async () => reactions.wake(await log.head()));
  const worker = {
    reactions,
    keeper,
    started,
    freeze: () => {
      isFrozen = true;
    },
    close: async () => {
      stopWaking();
      if (!isFrozen) await keeper.close();
      await reactions.close();
    },
  };
  workers.push(worker);
  return worker;
}

async function place(count: number, from = 0): Promise<void> {
  const executor = new CommandExecutor({ application: shop(), log });
  for (let n = from; n < from + count; n++) {
    await executor.execute(Place({ orderId: `o${n}`, customer: `c${n % 20}` }));
  }
}

test('processes share a reaction by its keys: each event is done once, in the order of its key', async () => {
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
  await work('a', noting('a'));
  await work('b', noting('b'));
  await vi.waitFor(() => {
    for (const { keeper } of workers) expect(keeper.held).toHaveLength(slices.length / 2);
  }, 5_000);
  await place(200);
  await vi.waitFor(() => expect(done).toHaveLength(200), 10_000);
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
  const done: string[] = [];
  const noting = reaction('note', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    run: (e) => void done.push(e.orderId),
  });
  const first = await work('a', noting);
  await place(50);
  await vi.waitFor(() => expect(done).toHaveLength(50), 5_000);
  await first.close();
  await place(50, 50);
  await work('b', noting);
  await vi.waitFor(() => expect(done).toHaveLength(100), 5_000);
  expect(new Set(done).size).toBe(100);
});

test('a slice that has nothing to do does not look as if it had', async () => {
  const done: string[] = [];
  const noting = reaction('note', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    run: (e) => void done.push(e.orderId),
  });
  await work('a', noting);
  await work('b', noting);
  await place(1);
  await vi.waitFor(() => expect(done).toHaveLength(1), 5_000);
  const [placed] = await log.read({ items: [{ types: ['Placed'] }] });
  const position = async () => (await readProgress(log, 'note'))?.position ?? 0;
  await vi.waitFor(async () => expect(await position()).toBeGreaterThanOrEqual(placed!.position), 5_000);
  // And it stays quiet: what is recorded is nothing to be recorded again.
  const head = await log.head();
  await sleep(2_500);
  expect((await log.head()) - head).toBeLessThanOrEqual(slices.length);
});

test('what the version before passes over, because it is about less, is done by the next one', async () => {
  const done: string[] = [];
  const note = (member: string, on: readonly (typeof Placed | typeof Paid)[]) =>
    reaction('note', {
      on,
      startsAt: 'beginning',
      run: (e, { event }) => void done.push(`${member} ${event.type} ${e.orderId}`),
    });
  const before = await work('v1', note('v1', [Placed]));
  await place(1);
  await vi.waitFor(() => expect(done).toEqual(['v1 Placed o0']), 5_000);
  // The next one is there, and the one before has the lease.
  await work('v2', note('v2', [Placed, Paid]));
  await log.append([Paid({ orderId: 'o0' })]);
  await place(1, 1);
  await vi.waitFor(() => expect(done).toContain('v1 Placed o1'), 5_000);
  await before.close();
  await vi.waitFor(() => expect(done).toContain('v2 Paid o0'), 5_000);
  await log.append([Paid({ orderId: 'o1' })]);
  await vi.waitFor(() => expect(done).toContain('v2 Paid o1'), 5_000);
  expect(done).toEqual(['v1 Placed o0', 'v1 Placed o1', 'v2 Paid o0', 'v2 Paid o1']);
});

test('a process that leaves the work to others says what it is about in its version', async () => {
  const note = (on: readonly (typeof Placed | typeof Paid)[]) =>
    reaction('note', { on, startsAt: 'beginning', run: () => undefined });
  await work('v1', note([Placed]));
  const started = { items: [{ types: ['carillon:reaction-started'] }] };
  await vi.waitFor(async () => expect(await log.read(started)).toHaveLength(1), 5_000);
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

test('one that was frozen records nothing and begins nothing when it wakes up', async () => {
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
  const frozen = await work(
    'a',
    noting('a', async (orderId) => {
      if (orderId !== 'o0') return;
      await woken;
      throw new Error('It woke up and failed.');
    }),
  );
  await place(1);
  await sleep(50);
  await place(40, 1);
  frozen.freeze();
  const second = await work(
    'b',
    noting('b', async () => undefined),
  );
  await vi.waitFor(() => expect(second.keeper.held).toHaveLength(slices.length), 10_000);
  await vi.waitFor(
    () => expect(done.filter(({ member }) => member === 'b').map((one) => one.orderId)).toContain('o0'),
    5_000,
  );
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
  const done = new Set<string>();
  const noting = reaction('note', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    run: (e) => void done.add(e.orderId),
  });
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
  const first = await begin('a', slow, noting);
  await vi.waitFor(() => expect(first.keeper.held).toHaveLength(slices.length), 5_000);
  first.freeze();
  const second = await work('b', noting);
  await place(20);
  await vi.waitFor(() => expect(done.size).toBe(20), 10_000);
  expect(second.keeper.held).toHaveLength(slices.length);
  letGo();
  await vi.waitFor(() => expect(late).toBe(slices.length), 5_000);
  await place(20, 20);
  await vi.waitFor(() => expect(done.size).toBe(40), 10_000);
  const position = async () => (await readProgress(log, 'note'))?.position ?? 0;
  const [last] = await log.read({ items: [{ types: ['Placed'] }] }, { backwards: true, limit: 1 });
  await vi.waitFor(async () => expect(await position()).toBeGreaterThanOrEqual(last!.position), 5_000);
  const claims = await log.read({ items: [{ types: ['carillon:work-claimed'] }] });
  expect(new Set(claims.map(({ data }) => (data as { member: string }).member))).toEqual(new Set(['b']));
});

test('who can record nothing any more, though he has the lease, gives it back and begins anew', async () => {
  const done = new Set<string>();
  const noting = reaction('note', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    run: (e) => void done.add(e.orderId),
  });
  await work('a', noting);
  for (const { index } of slices) {
    const unit = `reaction:note/${index}`;
    await log.append([workEvent('carillon:work-claimed', { unit, member: 'gone', token: 1 }, [unitTag(unit)])]);
  }
  await place(20);
  const position = async () => (await readProgress(log, 'note'))?.position ?? 0;
  const head = await log.head();
  await vi.waitFor(async () => expect(await position()).toBeGreaterThanOrEqual(head), 10_000);
  await place(20, 20);
  await vi.waitFor(() => expect(done.size).toBe(40), 5_000);
});

test('an outage that takes the leases and lets nothing be recorded is over when it is over', async () => {
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
  const { keeper } = await begin('a', own, picky);
  await vi.waitFor(() => expect(keeper.hasAll).toBe(true), 5_000);
  isAway = true;
  const beat = vi.spyOn(store, 'beat').mockRejectedValue(new Error('cut off'));
  await place(20);
  await vi.waitFor(() => expect(keeper.hasAll).toBe(false), 5_000);
  isAway = false;
  beat.mockRestore();
  await vi.waitFor(() => expect(keeper.hasAll).toBe(true), 5_000);
  await place(20, 20);
  // One order waits behind the first, of the same customer.
  await vi.waitFor(() => expect(done.size).toBe(38), 5_000);
});

test('what was retried is not gone on with by who is no longer sure of his lease', async () => {
  let isHeld = true;
  const lease = { token: 1, isHeld: () => isHeld, giveBack: vi.fn() };
  const performed: number[] = [];
  const work: Work = {
    name: 'note',
    query: { items: [{ types: ['Placed'] }] },
    startsAt: 'beginning',
    maxConcurrency: 4,
    timeoutMs: 1_000,
    retry: { maxAttempts: 1, baseDelayMs: 1, maxDelayMs: 1 },
    keysOf: () => ['all'],
    perform: async (event) => {
      performed.push(event.position);
      if (performed.length === 1) throw new Error('not yet');
      // The process is frozen, and another one takes over.
      isHeld = false;
    },
  };
  const claim = await claimWork(log, 'reaction:note', { member: 'a', lease });
  const scheduler = systemScheduler(systemClock);
  const reactor = new Reactor(work, { log, scheduler, onFailure: (failure) => failures.push(failure), claim });
  await reactor.start();
  await place(3);
  reactor.wake(await log.head());
  await vi.waitFor(() => expect(reactor.status().parked).toHaveLength(1));
  const [{ position } = { position: 0 }] = reactor.status().parked;
  await vi.waitFor(() => expect(reactor.status().open).toBe(0));
  await log.append([eventRetried({ reaction: 'note', key: 'all', position }, undefined)]);
  reactor.wake(await log.head());
  await vi.waitFor(() => expect(lease.giveBack).toHaveBeenCalledOnce());
  expect(performed).toEqual([position, position]);
  await reactor.close();
});

test('where everything is done in one process again, it goes on where the slices were', async () => {
  const done: string[] = [];
  const noting = reaction('note', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    run: (e) => void done.push(e.orderId),
  });
  const shared = await work('a', noting);
  await place(30);
  await vi.waitFor(() => expect(done).toHaveLength(30), 5_000);
  await shared.close();
  const whole = new Reactions({
    application: shop(noting),
    log,
    issueCommand: () => Promise.reject(new Error('nothing is issued')),
    scheduler: systemScheduler(systemClock),
    onFailure: (failure) => failures.push(failure),
  });
  await whole.start();
  await place(5, 30);
  whole.wake(await log.head());
  await vi.waitFor(() => expect(done).toHaveLength(35), 5_000);
  expect(new Set(done).size).toBe(35);
  await whole.close();
});

test('parked events of every slice are seen and retried by any process', async () => {
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
  await work('a', picky);
  const other = await work('b', picky);
  await place(8);
  await vi.waitFor(async () => {
    const [state] = await other.reactions.states();
    expect(state?.parked).toHaveLength(8);
  }, 10_000);
  isBroken = false;
  const [state] = await other.reactions.states();
  for (const { position } of state!.parked) await other.reactions.retry('picky', position, 'ann');
  await vi.waitFor(() => expect(done.sort()).toEqual(['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7']), 10_000);
});

test('whoever believes that the work is still his, when somebody else has claimed it, can record nothing', async () => {
  const performed: string[] = [];
  const work: Work = {
    name: 'note',
    query: { items: [{ types: ['Placed'] }] },
    startsAt: 'beginning',
    maxConcurrency: 4,
    timeoutMs: 1_000,
    retry: { maxAttempts: 1, baseDelayMs: 1, maxDelayMs: 1 },
    keysOf: (event) => [event.id],
    perform: async (event) => {
      performed.push(event.id);
      throw new Error('It cannot be done.');
    },
  };
  let givenBack = 0;
  const believing = { token: 1, isHeld: () => true, giveBack: () => givenBack++ };
  const claim = await claimWork(log, 'reaction:note', { member: 'a', lease: believing });
  const scheduler = systemScheduler(systemClock);
  const reactor = new Reactor(work, { log, scheduler, onFailure: (failure) => failures.push(failure), claim });
  await reactor.start();
  await claimWork(log, 'reaction:note', { member: 'b', lease: { ...believing, token: 2 } });
  await place(1);
  reactor.wake(await log.head());
  await vi.waitFor(() => expect(givenBack).toBe(1), 5_000);
  expect(performed).toHaveLength(1);
  await reactor.close();
  expect((await readProgress(log, 'note'))?.parked.size).toBe(0);
  await place(1, 1);
  reactor.wake(await log.head());
  await sleep(50);
  expect(performed).toHaveLength(1);
});

test('whoever was not sure of his lease for a moment, and stopped, gives it back: it may have been renewed since', async () => {
  let isHeld = true;
  const lease = { token: 1, isHeld: () => isHeld, giveBack: vi.fn() };
  const work: Work = {
    name: 'note',
    query: { items: [{ types: ['Placed'] }] },
    startsAt: 'beginning',
    maxConcurrency: 4,
    timeoutMs: 1_000,
    retry: { maxAttempts: 1, baseDelayMs: 1, maxDelayMs: 1 },
    keysOf: (event) => [event.id],
    perform: () => Promise.reject(new Error('It must not be begun.')),
  };
  const claim = await claimWork(log, 'reaction:note', { member: 'a', lease });
  const scheduler = systemScheduler(systemClock);
  const reactor = new Reactor(work, { log, scheduler, onFailure: (failure) => failures.push(failure), claim });
  await reactor.start();
  isHeld = false;
  await place(1);
  reactor.wake(await log.head());
  await vi.waitFor(() => expect(lease.giveBack).toHaveBeenCalledOnce());
  await reactor.close();
  expect(failures).toEqual([]);
});
