import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import type { LogHarness } from '../../conformance/log-case.js';
import { logConformance } from '../../conformance/log-conformance.js';
import { openSqlite, type Sqlite } from '../../sqlite/driver.js';
import type { Log } from '../log.js';
import { logFile, openSqliteLog, type SqliteLogOptions } from './sqlite-log.js';

async function harness(options: Omit<SqliteLogOptions, 'folder'>): Promise<LogHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-log-'));
  let log: Log = await openSqliteLog({ folder, ...options });
  let other: Sqlite | undefined;
  return {
    log,
    async reopen() {
      await log.close();
      log = await openSqliteLog({ folder, ...options });
      return log;
    },
    // Somebody else writes into the file, and does not come to an end.
    async breakStorage() {
      other = openSqlite(logFile(folder));
      other.exec('BEGIN IMMEDIATE');
    },
    async repairStorage() {
      other?.close();
      other = undefined;
    },
    async dispose() {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
}

const features = { reopen: true, storageFailure: true } as const;

describe('the SQLite log conforms', () => {
  for (const { name, run } of logConformance({ open: harness, features })) test(name, run);
});

// With tiny segments even small logs are written to the index, merged, and read from there, at every moment of every case.
describe('the SQLite log conforms while its index is being written', () => {
  const open = (options: Omit<SqliteLogOptions, 'folder'>) => harness({ ...options, segmentEvents: 7 });
  const cases = logConformance({ open, features, randomSteps: 500 });
  const readsMuch = /^(conditions|concurrency|reading|loading|random operations)/;
  for (const { name, run } of cases.filter(({ name }) => readsMuch.test(name))) test(name, run);
});
