// Connections that the server ends, in the ways in which it does.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allEvents } from 'carillon/log';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresLog } from './open.js';

let sockets: string;
let server: EmbeddedPostgres;
let admin: pg.Client;

beforeAll(async () => {
  sockets = mkdtempSync(join(tmpdir(), 'carillon-'));
  // The server may run as somebody else.
  chmodSync(sockets, 0o777);
  server = await startEmbeddedPostgres({ settings: { unix_socket_directories: sockets } });
  admin = new pg.Client(server.url);
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
  rmSync(sockets, { recursive: true, force: true });
});

const event = (n: number) => ({ type: 'Noted', version: 1, data: { n }, tags: [] });

test('a connection over a local socket that ended while the process was busy is replaced', async () => {
  const { username, password, port } = new URL(server.url);
  const url = `postgresql://${username}:${password}@${encodeURIComponent(sockets)}:${port}/carillon`;
  const log = await openPostgresLog({ url, schema: 'local' });
  await log.append([event(0)]);
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'carillon local writer'`,
  );
  // Nothing is read meanwhile, so that the next thing that happens to the connection is a write: EPIPE.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  expect(await log.append([event(1)])).toEqual({ first: 2, last: 2 });
  expect(await log.read(allEvents)).toMatchObject([{ data: { n: 0 } }, { data: { n: 1 } }]);
  await log.close();
});

test('a transaction that the server ends because it took too long is tried again', async () => {
  const log = await openPostgresLog({ url: server.url, schema: 'late' });
  await admin.query(`ALTER ROLE carillon SET transaction_timeout = '200ms'`);
  // The connection that appends is opened now.
  await log.append([event(0)]);
  await admin.query('ALTER ROLE carillon RESET transaction_timeout');
  await admin.query('BEGIN; SELECT FROM late.log_head FOR UPDATE');
  const appended = log.append([event(1)]);
  const waiting = `SELECT FROM pg_stat_activity WHERE application_name = 'carillon late writer' AND wait_event_type = 'Lock'`;
  await expect.poll(async () => (await admin.query(waiting)).rowCount).toBe(1);
  await expect.poll(async () => (await admin.query(waiting)).rowCount).toBe(0);
  await admin.query('ROLLBACK');
  expect(await appended).toEqual({ first: 2, last: 2 });
  await log.close();
});
