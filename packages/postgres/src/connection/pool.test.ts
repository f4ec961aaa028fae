import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openConnection, openPool } from './pool.js';

let server: EmbeddedPostgres;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
});
afterAll(() => server?.stop());

const sockets = () => process.getActiveResourcesInfo().filter((one) => one === 'TCPSocketWrap').length;

test('a connection that cannot be opened holds nothing up', async () => {
  const before = sockets();
  const url = `postgresql://carillon@127.0.0.1:${server.port}/carillon`;
  await expect(openConnection({ url, name: 'test' })).rejects.toThrow(/password/);
  const pool = openPool({ url, name: 'test', max: 1 });
  await expect(pool.query('SELECT 1')).rejects.toThrow(/password/);
  await pool.end();
  // The server itself waits for a password for a minute.
  await expect.poll(sockets).toBeLessThanOrEqual(before);
});

test('a connection that ends while somebody has it, and asks nothing, does no harm until it is asked', async () => {
  const pool = openPool({ url: server.url, name: 'test', max: 2 });
  const [held, other] = [await pool.connect(), await pool.connect()];
  const { rows } = await held.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await other.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
  const ended = () => held.query('SELECT 1').then(() => '', String);
  await expect.poll(ended).toMatch(/terminat|not queryable|closed/i);
  held.release(true);
  other.release();
  await pool.end();
});

test('whatever the role has as its default, transactions see what is committed', async () => {
  const admin = await openConnection({ url: server.url, name: 'admin' });
  await admin.query(`ALTER ROLE carillon SET default_transaction_isolation = 'repeatable read'`);
  const client = await openConnection({ url: server.url, name: 'test' });
  const pool = openPool({ url: server.url, name: 'test', max: 1 });
  const isolation = 'SHOW transaction_isolation';
  const wanted = [{ transaction_isolation: 'read committed' }];
  expect((await client.query(isolation)).rows).toEqual(wanted);
  expect((await pool.query(isolation)).rows).toEqual(wanted);
  await admin.query('ALTER ROLE carillon RESET default_transaction_isolation');
  await Promise.all([pool.end(), client.end(), admin.end()]);
});
