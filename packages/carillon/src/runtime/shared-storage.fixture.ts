import { isDeepStrictEqual } from 'node:util';
import type { Application } from '../definitions/application.js';
import { MemoryLeaseStore } from '../leasing/memory-lease-store.js';
import type { Log } from '../log/log.js';
import { memoryLog } from '../log/memory-log.js';
import { openSqliteReadDatabaseReader, openSqliteReadDatabaseWriter } from '../read-database/sqlite/open.js';
import type { Storage } from './storage.js';

/** How often it is looked where read models stand, in milliseconds. */
const pollMs = 10;

/** A storage that several runtimes of one test process share: the log in memory, the read models in a SQLite file. */
export function sharedStorage(application: Application<any, any>, file: string): Storage & { close(): Promise<void> } {
  const log = memoryLog();
  const leases = new MemoryLeaseStore();
  // Whoever closes it leaves it to the others.
  const shared: Log = {
    append: (...args) => log.append(...args),
    read: (...args) => log.read(...args),
    load: (...args) => log.load(...args),
    head: () => log.head(),
    onAppend: (listener) => log.onAppend(listener),
    close: async () => undefined,
  };
  return {
    name: 'shared by a test',
    openLog: async () => shared,
    openReadDatabaseWriter: async () => openSqliteReadDatabaseWriter({ file }),
    openReadDatabaseReader: async () => openSqliteReadDatabaseReader({ file }),
    openLeases: async () => leases,
    async followReadModels(_, { onMove }) {
      const database = openSqliteReadDatabaseWriter({ file });
      const told = new Map<string, unknown>();
      const look = async () => {
        for (const readModel of application.readModels.values()) {
          const state = await database.state(readModel);
          const { name, version, tables } = readModel;
          if (state === undefined || isDeepStrictEqual(told.get(name), state)) continue;
          told.set(name, state);
          onMove({ readModel: name, version, tables: Object.keys(tables), ...state });
        }
      };
      let looking = Promise.resolve();
      const timer = setInterval(() => {
        looking = looking.then(look);
      }, pollMs);
      await look();
      return {
        async close() {
          clearInterval(timer);
          await looking;
          await database.close();
        },
      };
    },
    close: () => log.close(),
  };
}
