import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openSqlite } from '../../sqlite/driver.js';
import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database.js';
import { ReadDatabaseOpenError } from '../read-database-errors.js';
import { SqliteReadDatabaseReader } from './sqlite-reader.js';
import { SqliteReadDatabaseWriter } from './sqlite-writer.js';

/** How long one connection waits for another, in milliseconds. */
const busyTimeoutMs = 10_000;

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
    db.pragma('cache_size = -65536');
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
    db.pragma('cache_size = -65536');
    return new SqliteReadDatabaseReader(db);
  } catch (cause) {
    throw new ReadDatabaseOpenError(`${file} cannot be opened as a read database: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** A read database that is gone when it is closed: both sides share one connection, which cannot write while a query reads. */
export function openMemoryReadDatabase(): { readonly writer: ReadDatabaseWriter; readonly reader: ReadDatabaseReader } {
  const db = openSqlite(':memory:');
  const turns = new Turns();
  const writer = new SqliteReadDatabaseWriter(db);
  const reader = new SqliteReadDatabaseReader(db, {
    async begin() {
      await turns.take();
      db.exec('BEGIN');
      db.pragma('query_only = ON');
    },
    end() {
      db.pragma('query_only = OFF');
      db.exec('COMMIT');
      turns.give();
    },
  });
  return {
    writer: {
      state: (readModel) => writer.state(readModel),
      prepare: (readModel) => turns.during(() => writer.prepare(readModel)),
      advance: (readModel, from, to, work) => turns.during(() => writer.advance(readModel, from, to, work)),
      setFailure: (readModel, failure) => turns.during(() => writer.setFailure(readModel, failure)),
      reset: (readModel) => turns.during(() => writer.reset(readModel)),
      close: () => writer.close(),
    },
    reader: {
      snapshot: (readModel, work) => reader.snapshot(readModel, work),
      state: (readModel) => reader.state(readModel),
      close: async () => undefined,
    },
  };
}

/** One at a time, in the order of asking. */
class Turns {
  #taken = false;
  readonly #waiting: (() => void)[] = [];

  async take(): Promise<void> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    await this.take();
    try {
      return await work();
    } finally {
      this.give();
    }
  }
}
