import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allEvents, type Log, openSqliteLog, readAll } from 'carillon/log';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { copyLog } from './copy-log.js';
import { openPostgresLog } from './open.js';

let server: EmbeddedPostgres;
let folder: string;
let log: Log;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
  folder = mkdtempSync(join(tmpdir(), 'carillon-copy-'));
  log = await openSqliteLog({ folder });
  for (let n = 0; n < 10_000; n += 1_000) {
    await log.append(
      Array.from({ length: 1_000 }, (_, k) => ({
        type: n + k === 4_321 ? 'Rare' : 'Noted',
        version: 1,
        data: { n: n + k, text: 'ß\u0000"' },
        tags: [`n:${n + k}`, 'odd\u0000\u001f:tag'],
        metadata: { by: 'test' },
      })),
    );
  }
});
afterAll(async () => {
  await log?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function everything(from: Pick<Log, 'read'>): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of readAll(from, allEvents)) events.push(event);
  return events;
}

test('every event is there at its position, with its id and time, and goes on from there', async () => {
  const progress: number[] = [];
  const options = { url: server.url, schema: 'copied' };
  expect(await copyLog(log, { ...options, onProgress: (copied) => progress.push(copied) })).toBe(10_000);
  expect(progress[0]).toBe(0);
  expect(progress.at(-1)).toBe(10_000);
  const copy = await openPostgresLog(options);
  expect(await everything(copy)).toEqual(await everything(log));
  expect((await copy.read({ items: [{ types: ['Rare'] }] })).map(({ position }) => position)).toEqual([4_322]);
  expect(await copy.read({ items: [{ tags: ['odd\u0000\u001f:tag', 'n:17'] }] })).toHaveLength(1);
  expect(await copy.append([{ type: 'Noted', version: 1, data: {}, tags: [] }])).toEqual({
    first: 10_001,
    last: 10_001,
  });
  // Once more changes nothing.
  expect(await copyLog(log, options)).toBe(10_000);
  expect(await copy.head()).toBe(10_001);
  await copy.close();
});

test('it does not mix two logs', async () => {
  const other = await openPostgresLog({ url: server.url, schema: 'other' });
  await other.append([{ type: 'Noted', version: 1, data: {}, tags: [] }]);
  await other.close();
  await expect(copyLog(log, { url: server.url, schema: 'other' })).rejects.toThrow('holds another log');
});

test('who may not make schemas is told what to allow', async () => {
  const admin = new pg.Client(server.url);
  await admin.connect();
  await admin.query("CREATE ROLE weak LOGIN PASSWORD 'weak'");
  await admin.end();
  const url = Object.assign(new URL(server.url), { username: 'weak', password: 'weak' }).href;
  await expect(copyLog(log, { url, schema: 'kept_out' })).rejects.toMatchObject({
    code: 'log-open-failed',
    message: expect.stringMatching(/^The log cannot be copied: user weak lacks a right .*GRANT CREATE ON DATABASE/),
  });
});
