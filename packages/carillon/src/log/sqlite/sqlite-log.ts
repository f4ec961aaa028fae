import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Clock, systemClock } from '../../definitions/clock.js';
import { openSqlite, type Sqlite } from '../../sqlite/driver.js';
import { eventIds } from '../event-id.js';
import type { Log } from '../log.js';
import { LogOpenError } from '../log-errors.js';
import type { LogStorage } from '../log-storage.js';
import { RecentEvents } from '../recent-events.js';
import { Sequencer } from '../sequencer.js';
import { Archive } from './archive.js';
import { lockFolder } from './folder-lock.js';
import { postingHash } from './posting-hash.js';
import { openForReading } from './reading-connection.js';
import { type LogSettings, prepareSchema } from './schema.js';
import { EventKinds, type NumberedKind, writeBatch } from './write-batch.js';
import { Writer } from './writer.js';

/** What `openSqliteLog` takes. */
export interface SqliteLogOptions {
  /** Where the log lies: `log.db` and what belongs to it. Made if it is not there. */
  readonly folder: string;
  /** Says when events are recorded. Default: the machine's clock. */
  readonly clock?: Clock;
  /** How many events may wait to be written before appends are refused. Default `maxPendingEvents`. */
  readonly maxPendingEvents?: number;
  /** The largest size of `log.db`, in bytes; beyond it, appends fail as on a full disk. Default: as large as SQLite can. */
  readonly maxFileBytes?: number;
  /** How many of the newest events are indexed in memory only, before their index is written. Default 65,536. */
  readonly segmentEvents?: number;
}

/** The file of the log in a folder. */
export function logFile(folder: string): string {
  return join(folder, 'log.db');
}

/** The newest events are indexed in memory until they have so many bytes, in data. */
const segmentBytes = 33_554_432;

/**
 * Opens a log that is kept in a folder, in SQLite. One process at a time owns it; others read it with
 * `openSqliteLogReader`, and any SQLite tool can look at it: `SELECT * FROM event_log`.
 *
 * An append returns when its events are in the write-ahead log of the file and that is fsynced (`synchronous=FULL`).
 *
 * @throws LogOpenError when another process holds the folder, or it holds something else than a log of this version
 */
export async function openSqliteLog(options: SqliteLogOptions): Promise<Log> {
  const folder = resolve(options.folder);
  const file = logFile(folder);
  const segmentEvents = options.segmentEvents ?? 65_536;
  makeFolder(folder);
  const lock = lockFolder(folder, join(folder, 'log.lock'));
  let db: Sqlite | undefined;
  let writer: Writer | undefined;
  try {
    const settings = prepare(file);
    const reading = openForReading(file);
    db = reading;
    const archive = new Archive(reading, settings);
    writer = await Writer.start(
      {
        file,
        hashSeed: settings.hashSeed,
        maxFileBytes: options.maxFileBytes,
        segmentEvents,
        segmentBytes,
      },
      () => archive.refresh(),
    );
    archive.refresh();
    return new Sequencer({
      storage: new SqliteStorage(
        { archive, writer, settings, release: () => [reading.close(), lock.release()] },
        kindsOf(reading),
      ),
      recent: recentEvents(archive, Math.ceil(segmentEvents / 2)),
      clock: options.clock ?? systemClock,
      idOf: eventIds(settings.idSeed),
      maxPendingEvents: options.maxPendingEvents,
    });
  } catch (error) {
    await writer?.close();
    db?.close();
    lock.release();
    throw error instanceof LogOpenError
      ? error
      : new LogOpenError(`${file} cannot be opened: ${(error as Error).message}.`, { cause: error });
  }
}

interface SqliteStorageParts {
  readonly archive: Archive;
  readonly writer: Writer;
  readonly settings: LogSettings;
  readonly release: () => void;
}

class SqliteStorage implements LogStorage {
  readonly #archive: Archive;
  readonly #writer: Writer;
  readonly #release: () => void;
  readonly #hash;
  readonly #kinds: EventKinds;

  constructor({ archive, writer, settings, release }: SqliteStorageParts, kinds: readonly NumberedKind[]) {
    this.#archive = archive;
    this.#writer = writer;
    this.#release = release;
    this.#hash = postingHash(settings.hashSeed);
    this.#kinds = new EventKinds(this.#hash, kinds);
  }

  get archivedThrough(): number {
    return this.#archive.indexedThrough;
  }

  async write(events: Parameters<LogStorage['write']>[0]): Promise<void> {
    const batch = writeBatch(events, this.#kinds, this.#hash);
    await this.#writer.write(batch);
    this.#kinds.saved(batch.newKinds);
  }

  find(...[query, range]: Parameters<LogStorage['find']>): ReturnType<LogStorage['find']> {
    return this.#archive.find(query, range);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    this.#release();
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new LogOpenError(`The folder ${folder} cannot be made in ${dirname(folder)}: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

function prepare(file: string): LogSettings {
  const db = openSqlite(file);
  try {
    return prepareSchema(db, file);
  } finally {
    db.close();
  }
}

function kindsOf(db: Sqlite): NumberedKind[] {
  return db.prepare('SELECT id, type, version FROM event_kinds').all() as NumberedKind[];
}

/** Everything that the index does not reach. */
function recentEvents(archive: Archive, blockEvents: number): RecentEvents {
  const recent = new RecentEvents(archive.indexedThrough + 1, blockEvents);
  for (;;) {
    const rows = archive.rows.range(recent.last, Number.MAX_SAFE_INTEGER, 10_000);
    for (const row of rows) recent.add(archive.rows.stored(row));
    if (rows.length < 10_000) return recent;
  }
}
