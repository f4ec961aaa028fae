// What becomes of the connection by which read models are followed.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { TcpProxy } from '../../test-support/tcp-proxy.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { type FollowReadModelsOptions, followReadModels } from './follow-read-models.js';
import { openPostgresReadDatabaseWriter } from './open.js';

let server: EmbeddedPostgres;
let admin: pg.Client;
let proxy: TcpProxy;
let following: { close(): Promise<void> };
let reconnections: number;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
  admin = new pg.Client(server.url);
  await admin.connect();
  await (await openPostgresReadDatabaseWriter({ url: server.url, schema: 'followed' })).close();
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
});
beforeEach(async () => {
  proxy = await TcpProxy.before(server.url);
  reconnections = 0;
});
afterEach(async () => {
  await following.close();
  await proxy.close();
});

async function follow(options: Partial<FollowReadModelsOptions>): Promise<void> {
  following = await followReadModels({
    ...{ url: proxy.through(server.url), schema: 'followed', onMove: () => undefined, onError: () => undefined },
    onReconnect: () => void reconnections++,
    ...options,
  });
}

async function connections(): Promise<number> {
  const { rows } = await admin.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name LIKE '%follows followed'`,
  );
  return rows[0]!.count;
}

test('one that ends while it is set up is replaced by one, though that takes its time', async () => {
  await follow({});
  let isEnded = false;
  proxy.onClientData = (data) => {
    if (!data.includes('LISTEN') || isEnded) return 'pass';
    isEnded = true;
    return 'end';
  };
  const other = new pg.Client(server.url);
  await other.connect();
  await other.query('BEGIN; LOCK TABLE followed.read_models');
  proxy.cutAll();
  const looking = `SELECT FROM pg_stat_activity WHERE application_name LIKE '%follows followed' AND wait_event_type = 'Lock'`;
  await expect.poll(async () => (await admin.query(looking)).rowCount, { timeout: 10_000 }).toBe(1);
  // Had another been begun, it would be there by then.
  await sleep(1_000);
  await other.end();
  await expect.poll(() => reconnections, { timeout: 10_000 }).toBe(1);
  expect(await connections()).toBe(1);
});

test('one on which nothing comes any more while it is set up is replaced', async () => {
  await follow({ answerTimeoutMs: 500 });
  let isSilenced = false;
  proxy.onClientData = (data) => {
    if (data.includes('LISTEN') && !isSilenced) {
      isSilenced = true;
      proxy.silenceAll();
    }
    return 'pass';
  };
  proxy.cutAll();
  await expect.poll(() => reconnections, { timeout: 20_000 }).toBe(1);
  expect(isSilenced).toBe(true);
});
