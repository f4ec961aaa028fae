import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HeldLease, type LeasedWork, LeaseKeeper } from './lease-keeper.js';
import type { Beat } from './lease-store.js';
import { MemoryLeaseStore } from './memory-lease-store.js';

const ttlMs = 400;

let store: MemoryLeaseStore;
let keepers: LeaseKeeper[];
/** Who does what at the moment; a name twice would be two at the same work. */
let working: { member: string; name: string; lease: HeldLease }[];

beforeEach(() => {
  store = new MemoryLeaseStore();
  keepers = [];
  working = [];
});

afterEach(async () => {
  await Promise.all(keepers.map((keeper) => keeper.close()));
});

function names(count: number, group?: string): { name: string; group: string }[] {
  return Array.from({ length: count }, (_, n) => ({ name: `${group ?? 'unit'}-${n}`, group: group ?? `unit-${n}` }));
}

async function join(
  member: string,
  units: readonly { name: string; group: string }[],
  own = store,
): Promise<LeaseKeeper> {
  const keeper = new LeaseKeeper({ store: own, member, ttlMs, onError: () => undefined });
  for (const unit of units) keeper.add(workOf(member, unit));
  keepers.push(keeper);
  await keeper.start();
  return keeper;
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
    let begin!: () => void;
    const isOpen = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const keeper = await join('a', names(1));
    const [unit] = names(1, 'slow') as [{ name: string; group: string }];
    const slow = workOf('a', unit);
    keeper.add({ ...unit, start: (lease) => isOpen.then(() => slow.start(lease)) });
    expect(keeper.hasAll).toBe(false);
    const beaten = keeper.beat();
    await vi.waitFor(() => expect(keeper.held).toContain(unit.name));
    expect(keeper.hasAll).toBe(false);
    begin();
    await beaten;
    expect(keeper.hasAll).toBe(true);
  });

  test('one alone does everything at once', async () => {
    const keeper = await join('a', names(5));
    expect(doneBy('a')).toHaveLength(5);
    expect(keeper.hasAll).toBe(true);
  });

  test('share the work fairly when one comes, and take over when it goes', async () => {
    await join('a', names(6));
    const second = await join('b', names(6));
    await vi.waitFor(() => {
      expect(doneBy('a')).toHaveLength(3);
      expect(doneBy('b')).toHaveLength(3);
    }, 5_000);
    expect(new Set(working.map(({ name }) => name)).size).toBe(6);
    await second.close();
    await vi.waitFor(() => expect(doneBy('a')).toHaveLength(6), 5_000);
  });

  test('split the parts of one thing', async () => {
    const units = [...names(4, 'busy'), ...names(4)];
    await join('a', units);
    await join('b', units);
    await vi.waitFor(() => {
      for (const member of ['a', 'b']) {
        expect(doneBy(member).filter((name) => name.startsWith('busy'))).toHaveLength(2);
        expect(doneBy(member)).toHaveLength(4);
      }
    }, 5_000);
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
    await vi.waitFor(() => expect(doneBy('b')).toHaveLength(2), 5_000);
    expect(held.some((lease) => lease.isHeld())).toBe(false);
    expect(held.every(({ signal }) => signal.aborted)).toBe(true);
    for (const { lease } of working.filter(({ member }) => member === 'b')) expect(lease.token).toBe(2);
    // The one that is cut off has stopped by itself.
    await vi.waitFor(() => expect(doneBy('a')).toHaveLength(0), 5_000);
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
    const keeper = new LeaseKeeper({ store, member: 'a', ttlMs, onError: () => undefined });
    keepers.push(keeper);
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
    await vi.waitFor(() => expect(tries).toBe(3), 5_000);
    await sleep(ttlMs);
    expect(tries).toBe(3);
    expect(keeper.held).toEqual(['stubborn']);
  });

  test('work that only one member knows is done by it, whatever its share', async () => {
    await join('old', names(1));
    await join('new', [...names(1), ...names(5, 'more')]);
    await vi.waitFor(() => expect(new Set(working.map(({ name }) => name)).size).toBe(6), 10_000);
  });
});
