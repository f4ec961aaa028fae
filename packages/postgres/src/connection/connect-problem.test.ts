// What is said to those who cannot open a log, for what goes wrong on servers that others look after.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresLog } from '../log/open.js';
import { postgresMigrations } from '../migrations/migrations.js';

let folder: string;
let server: EmbeddedPostgres;
let admin: pg.Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-'));
  chmodSync(folder, 0o755);
  server = await startEmbeddedPostgres({ folder });
  admin = new pg.Client(server.url);
  await admin.connect();
  await admin.query(`CREATE ROLE clerk LOGIN PASSWORD 'secret'`);
  await admin.query(postgresMigrations('log', { schema: 'shop' }));
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function urlOf(user: string): string {
  const url = new URL(server.url);
  url.username = user;
  url.password = 'secret';
  return url.href;
}

/** What is said to who opens the log, if he cannot. */
async function said(url: string, schema = 'shop'): Promise<string> {
  try {
    await (await openPostgresLog({ url, schema })).close();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('who may not use tables that somebody else has made is not told to make databases', async () => {
  expect(await said(urlOf('clerk'), 'other')).toMatch(
    /denied for database carillon\. Allow it: GRANT CREATE ON DATABASE/,
  );
  for (const grant of ['USAGE ON SCHEMA shop', 'SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop']) {
    expect(await said(urlOf('clerk'))).toMatch(/denied for (schema|table) \w+\. Allow it: GRANT USAGE ON SCHEMA/);
    await admin.query(`GRANT ${grant} TO clerk`);
  }
  expect(await said(urlOf('clerk'))).toBe('');
  await admin.query('DELETE FROM shop.migrations WHERE version > 3; GRANT CREATE ON SCHEMA shop TO clerk');
  expect(await said(urlOf('clerk'))).toMatch(
    /must be owner of .*Let the owner of the tables run what postgresMigrations/,
  );
  await admin.query(`INSERT INTO shop.migrations (version, name) VALUES (4, 'appends that were given up are refused')`);
});

test('a server that only reads is not called away', async () => {
  await admin.query('ALTER ROLE clerk SET default_transaction_read_only = on');
  expect(await said(urlOf('clerk'))).toMatch(
    /at 127\S+ does not take what is written: cannot execute .*name the primary/,
  );
  await admin.query('ALTER ROLE clerk RESET default_transaction_read_only');
});

test('whose limit of connections is reached is said', async () => {
  await admin.query('ALTER ROLE clerk CONNECTION LIMIT 0');
  expect(await said(urlOf('clerk'))).toMatch(
    /has no connection left: too many connections for role "clerk"\. Start fewer/,
  );
  await admin.query('ALTER ROLE clerk CONNECTION LIMIT -1');
});

test('a server that wants encryption says so by letting nobody in', async () => {
  const rules = join(folder, 'data', 'pg_hba.conf');
  const before = readFileSync(rules, 'utf8');
  writeFileSync(rules, before.replaceAll('all             all', 'all             carillon'));
  await admin.query('SELECT pg_reload_conf()');
  await expect
    .poll(() => said(urlOf('clerk')))
    .toMatch(/no encryption\. Where it .* write \?sslmode=require behind the URL/);
  writeFileSync(rules, before);
  await admin.query('SELECT pg_reload_conf()');
});
