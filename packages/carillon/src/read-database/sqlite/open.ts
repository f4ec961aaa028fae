import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openSqlite } from '../../sqlite/driver.js';
import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database.js';
import { ReadDatabaseOpenError } from '../read-database-errors.js';
import { TurnQueue } from '../turn-queue.js';
import { SqliteReadDatabaseReader } from './sqlite-reader.js';
import { SqliteReadDatabaseWriter } from './sqlite-writer.js';

/** How long one connection waits for another, in milliseconds. */
const busyTimeoutMs = 10_000;

/** How much of the file a connection keeps in memory, in KiB. */
const cacheKib = 65_536;

/** How much the write-ahead log gathers before it is moved into the file, in pages of 4 KiB; how large its file stays, in bytes. */
const walPages = 4_000;
const walSizeLimitBytes = 67_108_864;

/**
 * Opens the read database for projecting; makes the file if it is not there.
 *
 * A commit survives the death of the process. After a power failure the last commits may be missing, as a whole and together with
 * their checkpoints: they are projected again.
 *
 * @throws ReadDatabaseOpenError
 */
export function openSqliteReadDatabaseWriter({ file }: { readonly file: string }): ReadDatabaseWriter {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const db = openSqlite(file, { timeout: busyTimeoutMs });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma(`cache_size = -${cacheKib}`);
    db.pragma(`wal_autocheckpoint = ${walPages}`);
    db.pragma(`journal_size_limit = ${walSizeLimitBytes}`);
    return new SqliteReadDatabaseWriter(db);
  } catch (cause) {
    throw new ReadDatabaseOpenError(`${file} cannot be opened as a read database: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/**
 * Opens the read database for queries. The connection cannot write: the database refuses.
 *
 * @throws ReadDatabaseOpenError when the file is not there, or is none
 */
export function openSqliteReadDatabaseReader({ file }: { readonly file: string }): ReadDatabaseReader {
  if (!existsSync(file)) {
    throw new ReadDatabaseOpenError(`There is no read database at ${file}. Start the application once to make it.`);
  }
  try {
    const db = openSqlite(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
    db.pragma('query_only = ON');
    db.pragma(`cache_size = -${cacheKib}`);
    return new SqliteReadDatabaseReader(db);
  } catch (cause) {
    throw new ReadDatabaseOpenError(`${file} cannot be opened as a read database: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/**
 * A read database that is gone when its writer is closed: both sides share one connection, which cannot write while a query
 * reads.
 */
export function openMemoryReadDatabase(): { readonly writer: ReadDatabaseWriter; readonly reader: ReadDatabaseReader } {
  const db = openSqlite(':memory:');
  const turns = new TurnQueue();
  const setQueryOnly = (isOn: boolean) => void db.pragma(`query_only = ${isOn ? 'ON' : 'OFF'}`);
  const reader = new SqliteReadDatabaseReader(db, {
    turns,
    begin: () => setQueryOnly(true),
    end: () => setQueryOnly(false),
  });
  return {
    writer: new SqliteReadDatabaseWriter(db, turns),
    reader: {
      snapshot: (readModel, work) => reader.snapshot(readModel, work),
      state: (readModel) => reader.state(readModel),
      // The connection is the writer's.
      close: async () => undefined,
    },
  };
}
