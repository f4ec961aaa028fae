import { join } from 'node:path';
import type { Application } from '../definitions/application.js';
import { systemClock } from '../definitions/clock.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import { LogOpenError } from '../log/log-errors.js';
import { type FolderLock, lockFolder } from '../log/sqlite/folder-lock.js';
import type { LogReader } from '../log/sqlite/sqlite-log-reader.js';
import { Projector } from '../projecting/projector.js';
import { openSqliteReadDatabaseWriter } from '../read-database/sqlite/open.js';
import { readModelStatus } from './read-model-status.js';
import type { ReadModelStatus } from './running-application.js';
import { UnknownReadModelError } from './runtime-errors.js';

/** Looks after the read models of an application from outside, whether it runs or not. */
export interface ReadModelAdmin {
  /** Where every read model stands. */
  list(): Promise<readonly ReadModelStatus[]>;
  /** Where one stands. @throws UnknownReadModelError */
  status(readModel: string): Promise<ReadModelStatus>;
  /** Empties a read model. Whoever projects builds it again. @throws UnknownReadModelError */
  rebuild(readModel: string): Promise<void>;
  /** Lets a failed read model try again. @throws UnknownReadModelError */
  resume(readModel: string): Promise<void>;
  close(): Promise<void>;
}

/** The files of an application in its folder. */
export interface AdminFiles {
  readonly folder: string;
  readonly readDatabase: string;
}

/**
 * Opens the read models of an application for an operator. While the application runs, its own projections notice what is done here
 * and do the work; when it does not, the work is done here, and the folder is held meanwhile.
 *
 * @throws ReadDatabaseOpenError
 */
export async function openReadModelAdmin(
  application: Application<any, any>,
  log: LogReader,
  files: AdminFiles,
): Promise<ReadModelAdmin> {
  const database = openSqliteReadDatabaseWriter({ file: files.readDatabase });
  let lock: FolderLock | undefined;
  let projector: Projector | undefined;

  const find = (name: string): ReadModelDefinition<string, any> => {
    const readModel = application.readModels.get(name);
    if (readModel === undefined) throw new UnknownReadModelError(name, [...application.readModels.keys()]);
    return readModel;
  };
  const status = async (name: string): Promise<ReadModelStatus> => {
    const readModel = find(name);
    const state = (await database.state(readModel)) ?? { position: 0, failure: undefined };
    return readModelStatus(readModel, state, log, await log.head(), systemClock().getTime());
  };
  /** Holds the folder from the first change on, so that looking is in nobody's way. */
  const hold = (): void => {
    lock ??= tryLock(files.folder);
  };
  /** Does the work here when nobody else does: only for the one read model that is meant. */
  const project = async (readModel: ReadModelDefinition<string, any>): Promise<void> => {
    if (lock === undefined) return;
    const only = { ...application, readModels: new Map([[readModel.name, readModel]]) };
    projector = new Projector({ application: only, log, database });
    await projector.start();
  };

  return {
    list: () => Promise.all([...application.readModels.keys()].map(status)),
    status,
    async rebuild(name) {
      const readModel = find(name);
      hold();
      await database.reset(readModel);
      await project(readModel);
    },
    async resume(name) {
      const readModel = find(name);
      hold();
      await database.setFailure(readModel, undefined);
      await project(readModel);
    },
    async close() {
      await projector?.close();
      await database.close();
      lock?.release();
    },
  };
}

/** Holds the folder, unless the running application does. */
function tryLock(folder: string): FolderLock | undefined {
  try {
    return lockFolder(folder, join(folder, 'log.lock'));
  } catch (error) {
    if (error instanceof LogOpenError) return undefined;
    throw error;
  }
}
