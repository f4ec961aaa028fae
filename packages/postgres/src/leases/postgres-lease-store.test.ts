import { setTimeout as sleep } from 'node:timers/promises';
import { type LeaseStore, MemoryLeaseStore } from 'carillon/adapters';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { leaseSchema } from './lease-schema.js';
import { PostgresLeaseStore } from './postgres-lease-store.js';

let server: EmbeddedPostgres;
let schemas = 0;
const stores: LeaseStore[] = [];

beforeAll(async () => {
  server = await startEmbeddedPostgres();
});

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await server.stop();
});

async function inPostgres(): Promise<LeaseStore> {
  const schema = `leases_${++schemas}`;
  const pool = new pg.Pool({ connectionString: server.url });
  // A connection that is being closed when the server stops has nobody to tell.
  pool.on('error', () => undefined);
  await pool.query(`CREATE SCHEMA ${schema}; ${leaseSchema.replaceAll('{schema}', schema)}`);
  const store = new PostgresLeaseStore({ pool, schema });
  stores.push(store);
  return store;
}

/** Long enough to be held while a test runs on a busy machine. */
const longMs = 60_000;

describe.each([
  ['in memory', async () => new MemoryLeaseStore()],
  ['in PostgreSQL', inPostgres],
] as const)('leases %s', (_, open) => {
  test('have one holder at a time', async () => {
    const store = await open();
    expect(await store.acquire('a', ['x', 'y'], longMs)).toEqual([
      { name: 'x', token: 1 },
      { name: 'y', token: 1 },
    ]);
    expect(await store.acquire('b', ['x', 'y', 'z'], longMs)).toEqual([{ name: 'z', token: 1 }]);
  });

  test('are renewed by a beat, which tells who lives and what is taken', async () => {
    const store = await open();
    await store.acquire('a', ['x', 'y'], longMs);
    expect(await store.beat('a', ['x', 'foreign'], longMs)).toEqual({
      renewed: ['x'],
      members: ['a'],
      taken: ['x', 'y'],
    });
    const seen = await store.look();
    expect([seen.members, [...seen.taken].sort()]).toEqual([['a'], ['x', 'y']]);
    const { renewed, members } = await store.beat('b', ['x'], longMs);
    expect(renewed).toEqual([]);
    expect([...members].sort()).toEqual(['a', 'b']);
  });

  test('are free when they were released, and their token grows', async () => {
    const store = await open();
    await store.acquire('a', ['x'], longMs);
    await store.release('b', ['x']);
    expect(await store.acquire('b', ['x'], longMs)).toEqual([]);
    await store.release('a', ['x']);
    expect(await store.acquire('b', ['x'], longMs)).toEqual([{ name: 'x', token: 2 }]);
  });

  test('run out: whoever held one neither renews nor releases what another has since', async () => {
    const store = await open();
    await store.acquire('a', ['x'], 1);
    await sleep(20);
    expect((await store.beat('a', ['x'], longMs)).renewed).toEqual([]);
    expect(await store.acquire('b', ['x'], longMs)).toEqual([{ name: 'x', token: 2 }]);
    await store.release('a', ['x']);
    expect((await store.beat('b', ['x'], longMs)).renewed).toEqual(['x']);
  });

  test('are given back by a member that leaves', async () => {
    const store = await open();
    await store.beat('a', [], longMs);
    await store.acquire('a', ['x', 'y'], longMs);
    await store.leave('a');
    expect(await store.beat('b', [], longMs)).toEqual({ renewed: [], members: ['b'], taken: [] });
  });

  test('go to one of many who ask at the same time', async () => {
    const store = await open();
    const names = Array.from({ length: 20 }, (_, n) => `unit-${n}`);
    const askers = Array.from({ length: 8 }, (_, n) => `member-${n}`);
    const orders = askers.map((_, n) => (n % 2 === 0 ? names : [...names].reverse()));
    const got = await Promise.all(askers.map((asker, n) => store.acquire(asker, orders[n]!, longMs)));
    const all = got.flat().map(({ name }) => name);
    expect(all.sort()).toEqual([...names].sort());
  });
});

test('processes that ask for leases, renew them and give them back never wait for each other in PostgreSQL', async () => {
  const store = await inPostgres();
  const names = Array.from({ length: 40 }, (_, n) => `lease-${n}`);
  const backwards = [...names].reverse();
  const members = ['a', 'b', 'c', 'd'];
  // In the order in which they are stored, which is not that of their names.
  await store.acquire('a', backwards, longMs);
  await store.beat('a', backwards, longMs);
  const until = performance.now() + 2_000;
  await Promise.all(
    members.map(async (member, n) => {
      while (performance.now() < until) {
        const mine = await store.acquire(member, n % 2 === 0 ? names : backwards, longMs);
        await store.beat(member, backwards, longMs);
        await store.release(
          member,
          mine.map(({ name }) => name),
        );
        if (n === 0) await store.leave(member);
      }
    }),
  );
});
