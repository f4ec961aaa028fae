import { existsSync } from 'node:fs';
import type { Sqlite } from '../../sqlite/driver.js';
import { EventCodec } from '../event-codec.js';
import type { Log } from '../log.js';
import { LogClosedError, LogOpenError } from '../log-errors.js';
import { checkLogQuery } from '../log-query.js';
import { checkReadOptions } from '../read-options.js';
import { Archive } from './archive.js';
import { openForReading } from './reading-connection.js';
import { checkSchema } from './schema.js';

/** A log that is read only: by other threads and processes than the one that owns it, while that is at work or not. */
export interface LogReader extends Pick<Log, 'read' | 'head'> {
  /** Lets go of the file. May be called twice. */
  close(): Promise<void>;
}

/**
 * Opens the file of a log for reading. It sees what is durable.
 *
 * @param file the log's `log.db`
 * @throws LogOpenError when it is not there, or is no log of this version
 */
export function openSqliteLogReader(file: string): LogReader {
  if (!existsSync(file))
    throw new LogOpenError(`There is no log at ${file}. Start the application once, or see to the path.`);
  let db: Sqlite | undefined;
  try {
    db = openForReading(file);
    return reader(db, new Archive(db, new EventCodec(checkSchema(db, file))));
  } catch (error) {
    db?.close();
    throw error instanceof LogOpenError
      ? error
      : new LogOpenError(`${file} cannot be opened: ${(error as Error).message}.`, { cause: error });
  }
}

function reader(db: Sqlite, archive: Archive): LogReader {
  const checkOpen = () => {
    if (!db.open) throw new LogClosedError();
  };
  return {
    async read(query, options = {}) {
      checkOpen();
      checkLogQuery(query);
      const range = checkReadOptions(options);
      if (query.items.length > 0) archive.refresh();
      return archive.find(query, range);
    },
    async head() {
      checkOpen();
      return archive.rows.last();
    },
    async close() {
      db.close();
    },
  };
}
