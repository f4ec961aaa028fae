import { readModel, table, text } from 'carillon';
import { allEvents } from 'carillon/log';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresLog } from '../log/open.js';
import { openPostgresReadDatabaseWriter } from '../read-database/open.js';
import { logMigrations } from './log-migrations.js';
import { postgresMigrations } from './migrations.js';

let server: EmbeddedPostgres;
let admin: pg.Client;
let schemas = 0;
let schema: string;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  schema = `migrated_${++schemas}`;
  admin = new pg.Client(server.url);
  await admin.connect();
});
afterEach(() => admin.end());

const noted = (n: number) => ({ type: 'Noted', version: 1, data: { n }, tags: [`n:${n}`] });

/** The same server, as somebody who may read and write what is there, and nothing else. */
async function urlOfUser(...schemasOfUser: string[]): Promise<string> {
  const user = `user_of_${schema}`;
  await admin.query(`CREATE ROLE ${user} LOGIN PASSWORD 'secret'`);
  for (const one of schemasOfUser) {
    await admin.query(`GRANT USAGE ON SCHEMA ${one} TO ${user};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${one} TO ${user}`);
  }
  const url = new URL(server.url);
  url.username = user;
  url.password = 'secret';
  return url.href;
}

test('where the printed SQL was run by hand, opening needs no right to change tables', async () => {
  await admin.query(postgresMigrations('log', { schema }));
  await admin.query(postgresMigrations('read', { schema: `${schema}_read` }));
  const url = await urlOfUser(schema, `${schema}_read`);
  const log = await openPostgresLog({ url, schema });
  for (let n = 0; n < 9_000; n += 1_000) await log.append(Array.from({ length: 1_000 }, (_, k) => noted(n + k)));
  // With the index, which is written by the same user.
  await expect
    .poll(async () => (await admin.query(`SELECT segments FROM ${schema}.log_index`)).rows)
    .toEqual([{ segments: 1 }]);
  await log.close();
  await admin.query(`GRANT CREATE ON SCHEMA ${schema}_read TO user_of_${schema}`);
  const writer = await openPostgresReadDatabaseWriter({ url, schema: `${schema}_read` });
  const notes = readModel('notes', { tables: { notes: table({ columns: { n: text() }, key: 'n' }) } });
  expect(await writer.prepare(notes)).toMatchObject({ position: 0 });
  await writer.close();
});

test('who owns the schema, and may make no other, opens and upgrades it', async () => {
  const url = await urlOfUser();
  await admin.query(`CREATE SCHEMA ${schema} AUTHORIZATION user_of_${schema}`);
  await admin.query(`CREATE SCHEMA ${schema}_read AUTHORIZATION user_of_${schema}`);
  const dba = new pg.Client(url);
  await dba.connect();
  await dba.query(`${postgresMigrations('log', { schema }).split('-- 3:')[0]} COMMIT;`);
  await dba.query(postgresMigrations('log', { schema, from: 2 }));
  await dba.end();
  const log = await openPostgresLog({ url, schema });
  expect(await log.append([noted(1)])).toEqual({ first: 1, last: 1 });
  await log.close();
  await (await openPostgresReadDatabaseWriter({ url, schema: `${schema}_read` })).close();
});

test('where it was not, and must not be made, opening says so', async () => {
  const url = await urlOfUser();
  await expect(openPostgresLog({ url, schema })).rejects.toThrow(/permission denied for database/);
});

test('only the steps that are missing are printed', () => {
  const all = postgresMigrations('log', { schema: 'shop' });
  const later = postgresMigrations('log', { schema: 'shop', from: 2 });
  expect(all).toContain('CREATE TABLE "shop".events');
  expect(later).not.toContain('CREATE TABLE "shop".events');
  expect(all.endsWith(later.slice(later.indexOf('-- 3:')))).toBe(true);
});

test('tables of an older version are upgraded when they are opened, and every event is found', async () => {
  const upToSecond = postgresMigrations('log', { schema }).split('-- 3:')[0];
  await admin.query(`${upToSecond} COMMIT;`);
  const lines = (text: (n: number) => string) => Array.from({ length: 10_000 }, (_, n) => text(n)).join('\u001f');
  const [types, tags, data, times] = [
    lines(() => 'Noted'),
    lines((n) => `n:${n}`),
    lines((n) => JSON.stringify({ n })),
    lines(() => '1764370800000'),
  ];
  await admin.query(`SELECT ${schema}.append_batch(0, 'old', 1, $1, '', $2, $3, '', '', $4, NULL, NULL)`, [
    types,
    tags,
    data,
    times,
  ]);
  await admin.query(`SELECT ${schema}.index_segment()`);
  // Two processes of the new version, at the same time.
  const [log, other] = await Promise.all([
    openPostgresLog({ url: server.url, schema }),
    openPostgresLog({ url: server.url, schema }),
  ]);
  expect(await log.read(allEvents, { after: 9_998 })).toMatchObject([
    { position: 9_999, data: { n: 9_998 } },
    { position: 10_000, data: { n: 9_999 } },
  ]);
  for (const n of [0, 4_711, 8_191, 8_192, 9_999]) {
    expect(await other.read({ items: [{ tags: [`n:${n}`] }] })).toMatchObject([{ position: n + 1, data: { n } }]);
  }
  expect(await log.append([noted(10_000)])).toEqual({ first: 10_001, last: 10_001 });
  const { rows } = await admin.query(`SELECT version FROM ${schema}.migrations ORDER BY version`);
  expect(rows).toEqual(logMigrations.map(({ version }) => ({ version })));
  await Promise.all([log.close(), other.close()]);
});

test('tables of a newer version are left alone', async () => {
  await (await openPostgresLog({ url: server.url, schema })).close();
  await admin.query(`INSERT INTO ${schema}.migrations (version, name) VALUES (99, 'of the future')`);
  await expect(openPostgresLog({ url: server.url, schema })).rejects.toThrow(
    /are of version 99; this Carillon knows \d+. Update @carillon\/postgres/,
  );
});

test('a schema is for a log or for read models', async () => {
  await (await openPostgresLog({ url: server.url, schema })).close();
  await expect(openPostgresReadDatabaseWriter({ url: server.url, schema })).rejects.toThrow(
    /has other tables of Carillon \("the log"/,
  );
  expect(await (await openPostgresLog({ url: server.url, schema })).close()).toBeUndefined();
});

test('a database that cannot hold every text is refused before anything is made in it', async () => {
  await admin.query(`CREATE DATABASE old_letters ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
  const url = new URL(server.url);
  url.pathname = '/old_letters';
  await expect(openPostgresLog({ url: url.href, schema })).rejects.toThrow(
    "is encoded in LATIN1, which cannot hold every text. Make one in UTF8: CREATE DATABASE … ENCODING 'UTF8'",
  );
  await admin.query('DROP DATABASE old_letters');
});
