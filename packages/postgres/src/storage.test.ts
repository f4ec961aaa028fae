import { systemClock } from 'carillon/adapters';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import { postgresStorage } from './storage.js';

let server: EmbeddedPostgres;
let admin: pg.Client;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
  admin = new pg.Client(server.url);
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

test.each([
  [{}, 5],
  [{ log: { readers: 1 } }, 2],
])('a process opens as many connections to read old events as it is told at most: %o', async (options, most) => {
  const schema = `reading_${most}`;
  const storage = postgresStorage({ url: server.url, schema, ...options });
  const log = await storage.openLog('any', { clock: systemClock });
  const event = { type: 'Noted', version: 1, data: {}, tags: [] };
  // More than stays in memory, as soon as it is indexed.
  for (let n = 0; n < 60; n++) await log.append(Array.from({ length: 1_000 }, () => event));
  const countAfterReading = async () => {
    await Promise.all(Array.from({ length: 50 }, () => log.read({ items: [] }, { limit: 1_000 })));
    const sql = 'SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = $1';
    const { rows } = await admin.query<{ count: number }>(sql, [`carillon ${schema}`]);
    return rows[0]!.count;
  };
  await expect.poll(countAfterReading).toBe(most);
  expect(await countAfterReading()).toBe(most);
  await log.close();
});
