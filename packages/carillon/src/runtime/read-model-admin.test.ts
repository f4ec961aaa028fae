import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogOpenError } from '../log/log-errors.js';
import { logFile } from '../log/sqlite/sqlite-log.js';
import { openSqliteLogReader } from '../log/sqlite/sqlite-log-reader.js';
import counter, { Raise } from './counter.fixture.js';
import { openReadModelAdmin } from './read-model-admin.js';
import { UnknownReadModelError } from './runtime-errors.js';
import { start } from './start.js';

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-'));
  const running = await start(counter, { folder });
  for (const by of [1, 2, 3]) await running.execute(Raise({ counter: 'a', by }));
  await running.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function open() {
  const log = openSqliteLogReader(logFile(folder));
  const admin = await openReadModelAdmin(counter, log, { folder, readDatabase: join(folder, 'read.db') });
  const close = async () => {
    await admin.close();
    await log.close();
  };
  return { admin, close };
}

it('is in nobody’s way while it only looks', async () => {
  const { admin, close } = await open();
  expect((await admin.list()).map(({ name, head }) => [name, head])).toEqual([
    ['values', 3],
    ['history', 3],
  ]);
  const running = await start(counter, { folder });
  expect((await admin.status('values')).name).toBe('values');
  await running.close();
  await close();
});

it('holds the folder while it does the work, and lets go', async () => {
  const { admin, close } = await open();
  await admin.rebuild('values');
  await expect(start(counter, { folder })).rejects.toThrow(LogOpenError);
  while ((await admin.status('values')).position < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await close();
  const running = await start(counter, { folder });
  expect((await running.readModels()).map(({ status }) => status)).toEqual(['current', 'current']);
  await running.close();
});

it('refuses read models that the application does not have, before it holds anything', async () => {
  const { admin, close } = await open();
  await expect(admin.rebuild('nothing')).rejects.toThrow(UnknownReadModelError);
  const running = await start(counter, { folder });
  await running.close();
  await close();
});
