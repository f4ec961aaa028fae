import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reaction } from '../definitions/reaction.js';
import { MemoryLeaseStore } from '../leasing/memory-lease-store.js';
import { ReadDatabaseError } from '../read-database/read-database-errors.js';
import counter, { Raise, Raised, Total, Value } from './counter.fixture.js';
import { parseRoles, type Role, RoleError } from './roles.js';
import type { RunningApplication } from './running-application.js';
import { sharedStorage } from './shared-storage.fixture.js';
import { start } from './start.js';

/** Longer than a busy machine keeps a process waiting: what was begun under a lease that is lost is done once more. */
const leaseTtlMs = 2_000;

let folder: string;
let storage: ReturnType<typeof sharedStorage>;
let running: RunningApplication[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-'));
  storage = sharedStorage(counter, join(folder, 'read.db'));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.close()));
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function enter(...roles: readonly Role[]): Promise<RunningApplication> {
  const one = await start(counter, { storage, leaseTtlMs, ...(roles.length === 0 ? {} : { roles }) });
  running.push(one);
  return one;
}

/** The same, but for its methods, which do something else at times. */
function whenNot<T extends object>(isOther: () => boolean, target: T, other: () => Promise<unknown>): T {
  return new Proxy(target, {
    get: (_, name) => {
      const method = target[name as keyof T];
      return typeof method === 'function'
        ? (...args: unknown[]) => (isOther() ? other() : method.apply(target, args))
        : method;
    },
  });
}

async function raise(one: RunningApplication, name: string, by: number) {
  const result = await one.execute(Raise({ counter: name, by }));
  if (result.rejected) throw new Error(result.code);
  return result;
}

describe('processes that share a database', () => {
  it('read what another has written, as soon as it is asked for', async () => {
    const [write, read] = [await enter('write'), await enter('read'), await enter('work')];
    for (let times = 1; times <= 20; times++) {
      const receipt = await raise(write, 'a', 2);
      const { result } = await read.query(Value({ counter: 'a' }), { after: receipt });
      expect(result).toEqual({ counter: 'a', value: 2 * times, raised: times });
    }
  });

  it('answer subscriptions again when another process has changed the answer', async () => {
    const [write, read] = [await enter('write'), await enter('read'), await enter('work')];
    const heard: unknown[] = [];
    const abort = new AbortController();
    const listening = (async () => {
      for await (const { result } of read.subscribe(Total({}), { signal: abort.signal })) heard.push(result);
    })();
    await expect.poll(() => heard).toEqual([0]);
    await raise(write, 'a', 3);
    await expect.poll(() => heard).toEqual([0, 3]);
    abort.abort();
    await listening.catch(() => undefined);
  });

  it('hear of what is appended while a read model is being started', async () => {
    const log = await storage.openLog('counter', { clock: () => new Date() });
    const open = storage.openReadDatabaseWriter;
    storage.openReadDatabaseWriter = async (name) => {
      const writer = await open(name);
      const prepare = writer.prepare.bind(writer);
      writer.prepare = async (readModel) => {
        const state = await prepare(readModel);
        await log.append([Raised({ counter: 'a', by: 1 })]);
        return state;
      };
      return writer;
    };
    const one = await enter();
    await expect
      .poll(async () => (await one.readModels()).map(({ name, lagEvents }) => [name, lagEvents]))
      .toEqual([
        ['values', 0],
        ['history', 0],
      ]);
    expect((await one.query(Total({}))).result).toBe(2);
  });

  it('refuse what another one is for, and say which', async () => {
    const [write, read] = [await enter('write'), await enter('read')];
    await expect(read.execute(Raise({ counter: 'a', by: 1 }))).rejects.toThrow(RoleError);
    await expect(write.query(Value({ counter: 'a' }))).rejects.toThrow('does not have the role read');
  });

  it('run a reaction that several are given once for each event, and only where the role is work', async () => {
    const seen: string[] = [];
    const listener = (where: string) =>
      reaction('listener', { on: Raised, startsAt: 'beginning', run: (e) => void seen.push(`${where} ${e.by}`) });
    const [write, work] = [await enter('write'), await enter('work')];
    await work.addReaction(listener('work'));
    const refused = await write.addReaction(listener('write')).catch((error: unknown) => error);
    for (const by of [1, 2, 3]) await raise(write, 'a', by);
    await expect.poll(() => seen).toContain('work 3');
    expect(seen).toEqual(['work 1', 'work 2', 'work 3']);
    expect(refused).toBeInstanceOf(RoleError);
  });

  it('take over from each other without losing or repeating anything', async () => {
    const write = await enter('write', 'read');
    const workers = [await enter('work'), await enter('work')];
    const expected: number[] = [];
    for (let round = 0; round < 6; round++) {
      for (let n = 1; n <= 10; n++) {
        await raise(write, 'a', n);
        expected.push(n);
      }
      const leaving = workers.shift()!;
      workers.push(await enter('work'));
      await leaving.close();
    }
    const receipt = await raise(write, 'a', 1);
    const { result } = await write.query(Value({ counter: 'a' }), { after: receipt });
    expect(result).toEqual({ counter: 'a', value: 331, raised: 61 });
    expect((await write.query(Total({}), { after: receipt })).result).toBe(331);
  });

  it('hear what another one has moved while they took themselves for who does', async () => {
    let isAway = false;
    const fails = () => Promise.reject(new ReadDatabaseError('The read database is away.'));
    const one = await start(counter, {
      leaseTtlMs,
      storage: {
        ...storage,
        // It does not hear that the lease has gone to another until it has run out by its own clock.
        openLeases: async () => whenNot(() => isAway, new MemoryLeaseStore(), fails),
        openReadDatabaseWriter: async (name) =>
          whenNot(() => isAway, await storage.openReadDatabaseWriter(name), fails),
      },
    });
    running.push(one);
    await raise(one, 'a', 1);
    await one.idle();
    const totals = one.subscribe(Total({}))[Symbol.asyncIterator]();
    expect((await totals.next()).value?.result).toBe(1);
    isAway = true;
    const other = await enter('work');
    const receipt = await raise(one, 'a', 2);
    await other.idle();
    expect((await one.query(Value({ counter: 'a' }), { after: receipt })).result).toMatchObject({ value: 3 });
    expect((await totals.next()).value?.result).toBe(3);
    isAway = false;
  });

  it('answer subscriptions again when they take over what they had not heard of', async () => {
    const leases = await storage.openLeases('counter');
    let isDeaf = false;
    let isMember = false;
    const follow = storage.followReadModels.bind(storage);
    const other = await enter();
    const one = await start(counter, {
      leaseTtlMs,
      storage: {
        ...storage,
        openLeases: async () =>
          whenNot(
            () => !isMember,
            leases,
            async () => ({ ...(await leases.look()), renewed: [] }),
          ),
        followReadModels: (name, options) =>
          follow(name, { ...options, onMove: (move) => void (isDeaf || options.onMove(move)) }),
      },
    });
    running.push(one);
    await raise(other, 'a', 1);
    await one.idle();
    const totals = one.subscribe(Total({}))[Symbol.asyncIterator]();
    expect((await totals.next()).value?.result).toBe(1);
    isDeaf = true;
    await raise(other, 'a', 2);
    await other.idle();
    await other.close();
    isMember = true;
    expect((await totals.next()).value?.result).toBe(3);
  });

  it('are idle when all that was written has arrived, wherever they are asked', async () => {
    const [write, read] = [await enter('write'), await enter('read'), await enter('work'), await enter('work')];
    const receipt = await raise(write, 'a', 2);
    await write.idle();
    await read.idle();
    const statuses = await read.readModels();
    expect(statuses.every(({ position }) => position >= receipt.position)).toBe(true);
  });

  it('rebuild a read model that another one keeps up to date', async () => {
    const all = await enter();
    const read = await enter('read');
    await raise(all, 'a', 2);
    // In one thread a transaction cannot wait for another one's.
    await all.idle();
    const positions: number[] = [];
    await read.rebuild('values', { onProgress: ({ position }) => positions.push(position) });
    expect((await read.query(Value({ counter: 'a' }))).result).toEqual({ counter: 'a', value: 2, raised: 1 });
  });
});

describe('roles', () => {
  it('are read as people write them', () => {
    expect(parseRoles('all')).toEqual(['write', 'read', 'work']);
    expect(parseRoles(' work, write')).toEqual(['write', 'work']);
    expect(() => parseRoles('writer')).toThrow('"writer" is no role. There are: all, write, read, work.');
  });
});
