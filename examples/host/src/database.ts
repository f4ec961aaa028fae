import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { copyLog, postgresStorage } from '@carillon/postgres';
import { startEmbeddedPostgres } from '@carillon/postgres/embedded';
import { logFile, openSqliteLogReader } from 'carillon/log';
import type { Storage } from 'carillon/runtime';
import type { Settings } from './settings.js';

/** The PostgreSQL in which the examples keep everything. */
export interface Database {
  readonly storage: Storage;
  /** The file that holds its URL, when it is one of its own. */
  readonly urlFile: string | undefined;
  /** Copies the log that is in a folder into the database, as far as it is not there yet. Says so when something of it is not. */
  fill(application: string, folder: string, onFilling: () => void): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database that the settings name, or starts one of its own in the data folder; undefined when everything is in folders. */
export async function openDatabase({ postgres, dataFolder }: Settings): Promise<Database | undefined> {
  if (postgres === undefined) return undefined;
  const server =
    postgres === 'embedded' ? await startEmbeddedPostgres({ folder: join(dataFolder, 'postgres') }) : undefined;
  const url = server?.url ?? postgres;
  return {
    storage: postgresStorage({ url }),
    urlFile: server?.urlFile,
    fill: (application, folder, onFilling) => copy(url, application, folder, onFilling),
    close: async () => {
      await server?.stop();
    },
  };
}

async function copy(url: string, schema: string, folder: string, onFilling: () => void): Promise<void> {
  if (!existsSync(logFile(folder))) return;
  const log = openSqliteLogReader(logFile(folder));
  try {
    await copyLog(log, {
      ...{ url, schema },
      onProgress: (copied, total) => {
        if (copied < total) onFilling();
      },
    });
  } finally {
    await log.close();
  }
}
