import { join } from 'node:path';
import { CarillonError } from '../../definitions/errors.js';
import { openSqlite, type Sqlite } from '../../sqlite/driver.js';
import { LogOpenError } from '../log-errors.js';

/** Holds a folder for one log at a time, until `release` or the end of the process, however it ends. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the lock: an exclusive transaction on a second, empty database, which the system ends with the process.
 *
 * @throws LogOpenError when another process, or this one, holds it
 * @throws CarillonError `sqlite-unavailable`
 */
export function lockFolder(folder: string): FolderLock {
  let db: Sqlite | undefined;
  try {
    db = openSqlite(join(folder, 'log.lock'), { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db?.close();
    if (cause instanceof CarillonError) throw cause;
    if ((cause as { code?: string }).code?.startsWith('SQLITE_BUSY') !== true) {
      throw new LogOpenError(`The folder ${folder} cannot be locked: ${(cause as Error).message}.`, { cause });
    }
    throw new LogOpenError(
      `The log in ${folder} is in use by another process, or is open in this one already. Stop that process, or choose another folder.`,
      { cause },
    );
  }
  const held = db;
  return { release: () => held.close() };
}

/** Whether another process, or this one, holds a folder now. */
export function isFolderHeld(folder: string): boolean {
  try {
    lockFolder(folder).release();
    return false;
  } catch (error) {
    if (error instanceof LogOpenError) return true;
    throw error;
  }
}
