import { AppendConditionError } from 'carillon/adapters';
import { allEvents, type Log } from 'carillon/log';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { appendInTransaction } from './append-in-transaction.js';
import { segmentEvents } from './log-schema.js';
import { openPostgresLog } from './open.js';

let server: EmbeddedPostgres;
let client: pg.Client;
let log: Log;
let schemas = 0;
let schema: string;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
  client = new pg.Client(server.url);
  await client.connect();
  await client.query('CREATE TABLE invoices (id text PRIMARY KEY)');
});
afterAll(async () => {
  await client?.end();
  await server?.stop();
});
beforeEach(async () => {
  schema = `outbox_${++schemas}`;
  log = await openPostgresLog({ url: server.url, schema, pollMs: 20 });
  await client.query('TRUNCATE invoices');
});
afterEach(() => log.close());

const event = (n: number, ...tags: string[]) => ({ type: 'Sent', version: 1, data: { n }, tags });
const tagged = (tag: string) => ({ failIfEventsMatch: { items: [{ types: ['Sent'], tags: [tag] }] } });

test('events are there with what else the transaction wrote, and readers hear of them when it commits', async () => {
  const heard: number[] = [];
  log.onAppend((head) => heard.push(head));
  await client.query('BEGIN');
  await client.query("INSERT INTO invoices VALUES ('a')");
  expect(await appendInTransaction(client, { schema, events: [event(1), event(2)] })).toEqual({ first: 1, last: 2 });
  expect(await log.head()).toBe(0);
  await client.query('COMMIT');
  await expect.poll(() => heard).toContain(2);
  expect((await log.read(allEvents)).map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a transaction that is rolled back leaves neither events nor a gap', async () => {
  await client.query('BEGIN');
  await appendInTransaction(client, { schema, events: [event(1)] });
  await client.query('ROLLBACK');
  expect(await log.append([event(2)])).toEqual({ first: 1, last: 1 });
});

test('appends of the log wait for the transaction, and come after it', async () => {
  await client.query('BEGIN');
  await appendInTransaction(client, { schema, events: [event(1, 'a:1')] });
  const waiting = log.append([event(2)]);
  const refused = log.append([event(3)], tagged('a:1'));
  refused.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await client.query('COMMIT');
  expect(await waiting).toEqual({ first: 2, last: 2 });
  await expect(refused).rejects.toThrow(AppendConditionError);
});

test('a condition that fails writes nothing and spoils nothing, however long ago the event was', async () => {
  await log.append([event(0, 'old:1')]);
  for (let n = 0; n < segmentEvents; n += 1_024) {
    await log.append(Array.from({ length: 1_024 }, (_, k) => event(n + k)));
  }
  await log.append([event(0, 'new:1')]);
  const head = await log.head();
  await client.query('BEGIN');
  await client.query("INSERT INTO invoices VALUES ('a')");
  for (const [tag, position] of [
    ['old:1', 1],
    ['new:1', head],
  ] as const) {
    const refused = appendInTransaction(client, { schema, events: [event(9)], condition: tagged(tag) });
    await expect(refused).rejects.toMatchObject({ conflictingPosition: position });
  }
  const after = { ...tagged('old:1'), after: 1 };
  await appendInTransaction(client, { schema, events: [event(9)], condition: after });
  await client.query('COMMIT');
  expect((await client.query('SELECT * FROM invoices')).rowCount).toBe(1);
  expect(await log.head()).toBe(head + 1);
});

test('where no transaction was begun nothing is appended, and nobody is told that it was', async () => {
  const pool = new pg.Pool({ connectionString: server.url, max: 3 });
  // A driver that does not say whether a transaction is open.
  const old = { query: client.query.bind(client) } as unknown as pg.ClientBase;
  for (const connection of [client, old, pool as unknown as pg.ClientBase]) {
    const appends = [1, 2, 3].map((n) => appendInTransaction(connection, { schema, events: [event(n)] }));
    for (const one of await Promise.allSettled(appends)) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'transaction-missing' } });
    }
  }
  await pool.end();
  expect(await log.head()).toBe(0);
  await client.query('BEGIN');
  expect(await appendInTransaction(old, { schema, events: [event(4)] })).toEqual({ first: 1, last: 1 });
  await client.query('COMMIT');
  const begun = client.query('BEGIN');
  expect(await appendInTransaction(client, { schema, events: [event(5)] })).toEqual({ first: 2, last: 2 });
  await begun;
  await client.query('COMMIT');
  expect(await log.head()).toBe(2);
});

test('one connection serves the logs of several applications', async () => {
  const first = schema;
  const second = `outbox_${++schemas}`;
  const other = await openPostgresLog({ url: server.url, schema: second, pollMs: 20 });
  for (const one of [first, second]) {
    await client.query('BEGIN');
    const append = { schema: one, events: [event(1, 'a')], condition: tagged('a') };
    expect(await appendInTransaction(client, append)).toEqual({ first: 1, last: 1 });
    await client.query('COMMIT');
  }
  await other.close();
});

test('a schema without a log is named', async () => {
  await client.query('BEGIN');
  const append = { schema: 'out_bax', events: [event(1)] };
  await expect(appendInTransaction(client, append)).rejects.toThrow(/no log in schema "out_bax".*Nothing was appended/);
  await client.query('ROLLBACK');
});
