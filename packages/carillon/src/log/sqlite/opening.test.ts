import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../sqlite/driver.js';
import { LogOpenError, LogWriteError } from '../log-errors.js';
import { allEvents } from '../log-query.js';
import { logFile, openSqliteLog } from './sqlite-log.js';
import { openSqliteLogReader } from './sqlite-log-reader.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-open-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const event = (n: number) => ({
  type: 'Happened',
  version: 2,
  data: { n },
  tags: [`n:${n}`, 'all:1'],
  metadata: { by: 'ada' },
});

async function refusal(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LogOpenError);
  return (error as LogOpenError).message;
}

describe('one process owns a folder', () => {
  test('a second log on the same folder is refused, until the first is closed', async () => {
    const log = await openSqliteLog({ folder: join(folder, 'new', 'one') });
    const message = await refusal(openSqliteLog({ folder: join(folder, 'new', '..', 'new', 'one') }));
    expect(message).toContain(join(folder, 'new', 'one'));
    expect(message).toContain('in use');
    await log.close();
    await (await openSqliteLog({ folder: join(folder, 'new', 'one') })).close();
  });

  test('a log of another process is refused, and free again when that was killed', async () => {
    const child = fork(new URL('../../../test-support/appending-process.ts', import.meta.url), [folder, 'lock'], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    expect(await refusal(openSqliteLog({ folder }))).toContain('another process');
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
    const log = await openSqliteLog({ folder });
    expect(await log.head()).toBeGreaterThanOrEqual(0);
    await log.close();
  });
});

describe('a file that is no log of this version is refused, and left as it is', () => {
  test('another database', async () => {
    const db = openSqlite(logFile(folder));
    db.exec('CREATE TABLE mine (a); INSERT INTO mine VALUES (1)');
    expect(await refusal(openSqliteLog({ folder }))).toContain('no Carillon log');
    expect(() => openSqliteLogReader(logFile(folder))).toThrow(LogOpenError);
    expect(db.prepare('SELECT a FROM mine').all()).toEqual([{ a: 1 }]);
    db.close();
  });

  test('no database at all', async () => {
    await writeFile(logFile(folder), 'Dear diary, '.repeat(1_000));
    expect(await refusal(openSqliteLog({ folder }))).toContain(logFile(folder));
    expect(() => openSqliteLogReader(logFile(folder))).toThrow(LogOpenError);
  });

  test('a log of a newer version', async () => {
    await (await openSqliteLog({ folder })).close();
    const db = openSqlite(logFile(folder));
    db.pragma('user_version = 99');
    db.close();
    expect(await refusal(openSqliteLog({ folder }))).toContain('another version of Carillon');
    expect(() => openSqliteLogReader(logFile(folder))).toThrow('another version of Carillon');
  });

  test('a folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await refusal(openSqliteLog({ folder: join(folder, 'file', 'log') }))).toContain(
      join(folder, 'file', 'log'),
    );
  });
});

test('the file can be read with any SQLite tool', async () => {
  const log = await openSqliteLog({ folder, clock: () => new Date('2026-03-01T12:00:00.123Z') });
  await log.append([event(1), { ...event(2), id: 'given' }]);
  const [first] = await log.read(allEvents);
  const db = openSqlite(logFile(folder), { readonly: true });
  const common = { type: 'Happened', version: 2, recorded_at: '2026-03-01T12:00:00.123Z', metadata: '{"by":"ada"}' };
  expect(db.prepare('SELECT * FROM event_log').all()).toEqual([
    { ...common, position: 1, id: first?.id, tags: '["n:1","all:1"]', data: '{"n":1}' },
    { ...common, position: 2, id: 'given', tags: '["n:2","all:1"]', data: '{"n":2}' },
  ]);
  db.close();
  await log.close();
});

test('a full disk refuses what does not fit, and the log goes on with what does', async () => {
  const log = await openSqliteLog({ folder, maxFileBytes: 400_000 });
  await log.append([event(1)]);
  const large = { ...event(2), data: { text: 'x'.repeat(500_000) } };
  await expect(log.append([large])).rejects.toThrow(LogWriteError);
  await expect(log.append([large])).rejects.toThrow(/SQLITE_FULL.*Free some space/);
  expect(await log.head()).toBe(1);
  const both = await Promise.allSettled([log.append([event(3)]), log.append([event(4)])]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  expect((await log.read(allEvents)).map(({ position, data }) => [position, data])).toEqual([
    [1, { n: 1 }],
    [2, { n: 3 }],
    [3, { n: 4 }],
  ]);
  await log.close();
  const again = await openSqliteLog({ folder });
  expect(await again.head()).toBe(3);
  await again.append([large]);
  expect(await again.head()).toBe(4);
  await again.close();
});
