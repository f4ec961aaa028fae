import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Clock, systemClock } from '../../definitions/clock.js';
import { openSqlite } from '../../sqlite/driver.js';
import type { LogSeeds } from '../event-id.js';
import type { Log } from '../log.js';
import { LogOpenError } from '../log-errors.js';
import { Sequencer } from '../sequencer.js';
import { lockFolder } from './folder-lock.js';
import { checkNotMoved } from './moved.js';
import { prepareSchema } from './schema.js';
import { SqliteStorage } from './sqlite-storage.js';

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

/** The newest events are indexed in memory only, until there are so many of them, or so many bytes of data. */
const defaultSegmentEvents = 65_536;
const segmentBytes = 33_554_432;

/**
 * Opens a log that is kept in a folder, in SQLite. One process at a time owns it; others read it with
 * `openSqliteLogReader`, and any SQLite tool can look at it: `SELECT * FROM event_log`.
 *
 * An append returns when its events are in the write-ahead log of the file and that is fsynced (`synchronous=FULL`).
 *
 * @throws LogOpenError when another process holds the folder, it holds something else than a log of this version, or a log that was taken
 * along elsewhere
 */
export async function openSqliteLog(options: SqliteLogOptions): Promise<Log> {
  const folder = resolve(options.folder);
  const file = logFile(folder);
  const { clock = systemClock, maxPendingEvents, maxFileBytes, segmentEvents = defaultSegmentEvents } = options;
  makeFolder(folder);
  const lock = lockFolder(folder);
  try {
    checkNotMoved(folder);
    const seeds = prepareFile(file);
    const storage = await SqliteStorage.open({ file, seeds, segmentEvents, segmentBytes, maxFileBytes });
    const recent = storage.recentEvents(Math.ceil(segmentEvents / 2));
    const { codec } = storage;
    return new Sequencer({ storage, recent, codec, clock, maxPendingEvents, onClosed: () => lock.release() });
  } catch (error) {
    lock.release();
    if (error instanceof LogOpenError) throw error;
    throw new LogOpenError(`${file} cannot be opened: ${(error as Error).message}.`, { cause: error });
  }
}

function makeFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (cause) {
    throw new LogOpenError(`The folder ${folder} cannot be made: ${(cause as Error).message}.`, { cause });
  }
}

/** One by one: Node's own recursive way never comes back where nothing can be made, as below `/proc`. */
function makeFolders(folder: string): void {
  if (isFolder(folder) || dirname(folder) === folder) return;
  makeFolders(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function prepareFile(file: string): LogSeeds {
  const db = openSqlite(file);
  try {
    return prepareSchema(db, file);
  } finally {
    db.close();
  }
}
