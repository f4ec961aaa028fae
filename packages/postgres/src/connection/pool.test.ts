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
  await expect.poll(sockets, { timeout: 30_000 }).toBe(before);
});
