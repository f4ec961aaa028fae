import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HeldLease, type LeasedWork, LeaseKeeper } from './lease-keeper.js';
import type { Beat } from './lease-store.js';
import { MemoryLeaseStore } from './memory-lease-store.js';

/** Longer than a busy machine keeps a process waiting: leases run out where a test wants them to. */
const ttlMs = 1_000;

/** Nothing is renewed by itself while a test runs: beats are made by hand. */
const longMs = 600_000;

let store: MemoryLeaseStore;
let keepers: LeaseKeeper[];
let errors: unknown[];
/** Lets work begin that is slow to. */
let lets: (() => void)[];
/** Who does what at the moment; a name twice would be two at the same work. */
let working: { member: string; name: string; lease: HeldLease }[];

beforeEach(() => {
  store = new MemoryLeaseStore();
  keepers = [];
  errors = [];
  lets = [];
  working = [];
});

afterEach(async () => {
  for (const begin of lets) begin();
  await Promise.all(keepers.map((keeper) => keeper.close()));
});

function names(count: number, group?: string): { name: string; group: string }[] {
  return Array.from({ length: count }, (_, n) => ({ name: `${group ?? 'unit'}-${n}`, group: group ?? `unit-${n}` }));
}

async function join(
  member: string,
  units: readonly { name: string; group: string }[],
  own = store,
  ttl = ttlMs,
): Promise<LeaseKeeper> {
  const keeper = newKeeper(member, own, ttl);
  for (const unit of units) keeper.add(workOf(member, unit));
  await keeper.start();
  return keeper;
}

function newKeeper(member: string, own = store, ttl = ttlMs): LeaseKeeper {
  const keeper = new LeaseKeeper({ store: own, member, ttlMs: ttl, onError: (error) => errors.push(error) });
  keepers.push(keeper);
  return keeper;
}

/** Work that begins only when it is let. */
function slowWork(member: string, name: string): LeasedWork & { let(): void } {
  let begin!: () => void;
  const isLet = new Promise<void>((resolve) => {
    begin = resolve;
  });
  lets.push(begin);
  const work = workOf(member, { name, group: name });
  return { ...work, start: (lease) => isLet.then(() => work.start(lease)), let: begin };
}

function workOf(member: string, unit: { name: string; group: string }): LeasedWork {
  return {
    ...unit,
    async start(lease) {
      const entry = { member, name: unit.name, lease };
      working.push(entry);
      return async () => {
        working = working.filter((one) => one !== entry);
      };
    },
  };
}

function doneBy(member: string): string[] {
  return working.filter((one) => one.member === member).map(({ name }) => name);
}

describe('keepers of leases', () => {
  test('one has all when it has begun with it, not when it has only been given it', async () => {
    const keeper = await join('a', names(1));
    const slow = slowWork('a', 'slow');
    keeper.add(slow);
    expect(keeper.hasAll).toBe(false);
    await keeper.beat();
    expect(keeper.held).toContain('slow');
    expect(keeper.hasAll).toBe(false);
    slow.let();
    await expect.poll(() => keeper.hasAll).toBe(true);
  });

  test('renew everything while something is slow to begin: that, too', async () => {
    const beat = vi.spyOn(store, 'beat');
    const keeper = await join('a', names(1, 'quick'), store, longMs);
    const slow = slowWork('a', 'slow');
    keeper.add(slow);
    await keeper.beat();
    await keeper.beat();
    expect(beat).toHaveBeenLastCalledWith('a', ['quick-0', 'slow'], longMs);
    expect((await beat.mock.results.at(-1)?.value)?.renewed).toEqual(['quick-0', 'slow']);
    expect(doneBy('a')).toEqual(['quick-0']);
    slow.let();
    await expect.poll(() => doneBy('a')).toEqual(['quick-0', 'slow']);
    expect(working.every(({ lease }) => lease.isHeld())).toBe(true);
  });

  test('have started when all that was free has begun, and renew meanwhile', async () => {
    const beat = vi.spyOn(store, 'beat');
    const keeper = newKeeper('a');
    const slow = slowWork('a', 'slow');
    keeper.add(slow);
    let hasStarted = false;
    const started = keeper.start().then(() => {
      hasStarted = true;
    });
    const renewals = () => beat.mock.calls.filter(([, held]) => held.includes('slow')).length;
    await expect.poll(() => renewals()).toBeGreaterThan(2);
    expect(hasStarted).toBe(false);
    slow.let();
    await started;
    expect(doneBy('a')).toEqual(['slow']);
  });

  test('let others have what is slow to begin, and renew the rest meanwhile', async () => {
    const beat = vi.spyOn(store, 'beat');
    const keeper = await join('a', names(1), store, longMs);
    const slow = slowWork('a', 'slow');
    keeper.add(slow);
    await keeper.beat();
    // Now half of it is another's.
    await store.beat('b', [], longMs);
    await keeper.beat();
    await keeper.beat();
    expect(beat).toHaveBeenLastCalledWith('a', ['unit-0'], longMs);
    expect(await store.acquire('b', ['slow'], longMs)).toEqual([]);
    slow.let();
    await expect.poll(() => store.acquire('b', ['slow'], longMs)).toHaveLength(1);
    expect(doneBy('a')).toEqual(['unit-0']);
  });

  test('begin anew, under a greater token, what gave its lease back', async () => {
    const keeper = await join('a', names(1), store, longMs);
    const [{ lease } = { lease: undefined }] = working;
    lease?.giveBack();
    expect(lease?.isHeld()).toBe(false);
    expect(keeper.hasAll).toBe(false);
    await expect.poll(() => keeper.held).toEqual([]);
    expect(working).toEqual([]);
    await keeper.beat();
    await expect.poll(() => working.map(({ lease }) => lease.token)).toEqual([2]);
    // What is over gives nothing back that was taken since.
    lease?.giveBack();
    await keeper.beat();
    expect(working.map(({ lease }) => lease.isHeld())).toEqual([true]);
  });

  test('let others have at once what was removed while its lease was being taken', async () => {
    const keeper = await join('a', [], store, longMs);
    keeper.add(workOf('a', { name: 'brief', group: 'brief' }));
    const acquire = store.acquire.bind(store);
    vi.spyOn(store, 'acquire').mockImplementationOnce(async (...args) => {
      const leases = await acquire(...args);
      await keeper.remove('brief');
      return leases;
    });
    await keeper.beat();
    expect(working).toEqual([]);
    expect(await store.acquire('b', ['brief'], longMs)).toHaveLength(1);
  });

  test('say so when a lease cannot be given back: it runs out', async () => {
    const keeper = await join('a', names(1), store, longMs);
    vi.spyOn(store, 'release').mockRejectedValueOnce(new Error('cut off'));
    await keeper.remove('unit-0');
    expect(working).toEqual([]);
    expect(errors).toEqual([new Error('cut off')]);
  });

  test('one alone does everything at once', async () => {
    const keeper = await join('a', names(5), store, longMs);
    expect(doneBy('a')).toHaveLength(5);
    expect(keeper.hasAll).toBe(true);
  });

  test('share the work fairly when one comes, and take over when it goes', async () => {
    await join('a', names(6));
    const second = await join('b', names(6));
    await expect.poll(() => [doneBy('a').length, doneBy('b').length]).toEqual([3, 3]);
    expect(new Set(working.map(({ name }) => name)).size).toBe(6);
    await second.close();
    await expect.poll(() => doneBy('a')).toHaveLength(6);
  });

  test('split the parts of one thing', async () => {
    const units = [...names(4, 'busy'), ...names(4)];
    await join('a', units);
    await join('b', units);
    const shares = () =>
      ['a', 'b'].map((member) => {
        const done = doneBy(member);
        return { busy: done.filter((name) => name.startsWith('busy')).length, all: done.length };
      });
    await expect.poll(shares).toEqual([
      { busy: 2, all: 4 },
      { busy: 2, all: 4 },
    ]);
  });

  test('take over what a member had that no longer says that it lives, under a greater token', async () => {
    let isCut = false;
    class Cut extends MemoryLeaseStore {
      override beat(member: string, held: readonly string[], ttl: number): Promise<Beat> {
        return isCut ? Promise.reject(new Error('cut off')) : store.beat(member, held, ttl);
      }
      override acquire(member: string, wanted: readonly string[], ttl: number) {
        return store.acquire(member, wanted, ttl);
      }
    }
    await join('a', names(2), new Cut());
    const held = working.map(({ lease }) => lease);
    expect(held.every((lease) => lease.isHeld())).toBe(true);
    isCut = true;
    await join('b', names(2));
    await expect.poll(() => doneBy('b')).toHaveLength(2);
    expect(held.some((lease) => lease.isHeld())).toBe(false);
    expect(held.every(({ signal }) => signal.aborted)).toBe(true);
    for (const { lease } of working.filter(({ member }) => member === 'b')) expect(lease.token).toBe(2);
    // The one that is cut off has stopped by itself.
    await expect.poll(() => doneBy('a')).toHaveLength(0);
  });

  test('one that was frozen knows at once that its leases have run out', async () => {
    await join('a', names(1));
    const [{ lease } = { lease: undefined }] = working;
    expect(lease?.isHeld()).toBe(true);
    const until = performance.now() + ttlMs * 1.5;
    while (performance.now() < until); // Nothing of this process runs meanwhile.
    expect(lease?.isHeld()).toBe(false);
  });

  test('work that cannot be begun is tried again', async () => {
    const keeper = newKeeper('a');
    let tries = 0;
    keeper.add({
      name: 'stubborn',
      group: 'stubborn',
      start: async () => {
        if (++tries < 3) throw new Error('not yet');
        return async () => undefined;
      },
    });
    await keeper.start();
    await expect.poll(() => tries).toBe(3);
    await sleep(ttlMs);
    expect(tries).toBe(3);
    expect(keeper.held).toEqual(['stubborn']);
  });

  test('work that only one member knows is done by it, whatever its share', async () => {
    await join('old', names(1));
    await join('new', [...names(1), ...names(5, 'more')]);
    await expect.poll(() => new Set(working.map(({ name }) => name)).size).toBe(6);
  });
});
