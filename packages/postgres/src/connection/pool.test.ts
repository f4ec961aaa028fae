import dns from 'node:dns';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TcpProxy } from '../../test-support/tcp-proxy.js';
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

test('a connection on which nothing comes any more before it can be used is given up', async () => {
  const proxy = await TcpProxy.before(server.url);
  proxy.onClientData = (data) => {
    if (data.includes('default_transaction_isolation')) proxy.silenceAll();
    return 'pass';
  };
  const pool = openPool({ url: proxy.through(server.url), name: 'silent', max: 1, answerTimeoutMs: 200 });
  await expect(pool.query('SELECT 1')).rejects.toThrow(/timeout/);
  proxy.onClientData = undefined;
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  // The one that is used, and none besides.
  await expect.poll(() => proxy.connections, { timeout: 10_000 }).toBe(1);
  await pool.end();
  await proxy.close();
});

test('of a host with several addresses it is said why none of them can be reached', async () => {
  const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
  // As localhost is where it is in both families.
  vi.spyOn(dns, 'lookup').mockImplementation(((
    _host: string,
    _options: unknown,
    found: (...args: unknown[]) => void,
  ) => {
    process.nextTick(found, null, addresses);
  }) as unknown as typeof dns.lookup);
  // A port that nobody listens on.
  const url = 'postgresql://ada:secret@several:1/carillon';
  const refused = /connect ECONNREFUSED 127.0.0.1:1; connect ECONNREFUSED 127.0.0.2:1/;
  await expect(openConnection({ url, name: 'test' })).rejects.toThrow(refused);
  const pool = openPool({ url, name: 'test', max: 1 });
  await expect(pool.query('SELECT 1')).rejects.toThrow(refused);
  await pool.end();
  vi.restoreAllMocks();
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
