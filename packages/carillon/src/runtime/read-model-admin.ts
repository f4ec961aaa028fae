import type { Application } from '../definitions/application.js';
import { systemClock } from '../definitions/clock.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { Log } from '../log/log.js';
import { LogOpenError } from '../log/log-errors.js';
import { type FolderLock, isFolderHeld, lockFolder } from '../log/sqlite/folder-lock.js';
import { Projector } from '../projecting/projector.js';
import type { ReadDatabaseWriter, StoredReadModel } from '../read-database/read-database.js';
import { ReadModelInUseError } from '../read-database/read-database-errors.js';
import { openSqliteReadDatabaseWriter } from '../read-database/sqlite/open.js';
import { notBegun } from '../read-database/stored-build.js';
import { type IdleReason, idleInFolder, idleInShared } from './idle.js';
import { readModelStatus } from './read-model-status.js';
import type { ReadModelStatus } from './running-application.js';
import { UnknownReadModelError, UnknownVersionError } from './runtime-errors.js';
import type { Storage } from './storage.js';

/** Looks after the read models of an application from outside, whether it runs or not. */
export interface ReadModelAdmin {
  /** Where every read model stands. */
  list(): Promise<readonly ReadModelStatus[]>;
  /** What is stored besides: versions that the application does not have, or not any more. */
  others(): Promise<readonly StoredReadModel[]>;
  /** Where one stands. @throws UnknownReadModelError */
  status(readModel: string): Promise<ReadModelStatus>;
  /** Why nobody works on one; undefined when somebody does, or may. @throws UnknownReadModelError */
  idle(readModel: string): Promise<IdleReason | undefined>;
  /** Begins to build a read model anew beside the tables that serve. @throws UnknownReadModelError */
  rebuild(readModel: string): Promise<void>;
  /** Lets a failed read model try again. @throws UnknownReadModelError */
  resume(readModel: string): Promise<void>;
  /**
   * Removes a version of a read model that the application does not have any more, with its tables.
   *
   * @throws UnknownVersionError when it is not stored
   * @throws ReadModelInUseError when the application has it, a process uses it, or what came after it has not got as far yet
   */
  drop(readModel: string, version: number): Promise<void>;
  close(): Promise<void>;
}

/** The files of an application in its folder. */
export interface AdminFiles {
  readonly folder: string;
  readonly readDatabase: string;
}

/** What an administration works with. */
interface AdminParts {
  readonly application: Application<any, any>;
  readonly log: Pick<Log, 'read' | 'head'>;
  readonly database: ReadDatabaseWriter;
  /** Called before the first change. Says whether the work is to be done here, because nobody else does it. */
  readonly hold: () => boolean;
  readonly release: () => Promise<void>;
  /** Why nobody else works on it. */
  readonly idle: (readModel: ReadModelDefinition<string, any>) => Promise<IdleReason | undefined>;
}

/**
 * Opens the read models of an application for an operator. While the application runs, its own projections notice what is done here
 * and do the work; when it does not, the work is done here, and the folder is held meanwhile.
 *
 * @throws ReadDatabaseOpenError
 */
export async function openReadModelAdmin(
  application: Application<any, any>,
  log: Pick<Log, 'read' | 'head'>,
  files: AdminFiles,
): Promise<ReadModelAdmin> {
  const database = openSqliteReadDatabaseWriter({ file: files.readDatabase });
  let lock: FolderLock | undefined;
  return administration({
    ...{ application, log, database },
    // From the first change on, so that looking is in nobody's way.
    hold: () => {
      lock ??= tryLock(files.folder);
      return lock !== undefined;
    },
    release: async () => lock?.release(),
    idle: (readModel) => idleInFolder(readModel, database, () => isFolderHeld(files.folder)),
  });
}

/**
 * The same for an application that several processes run on a database. Those with the role `work` do what is asked for here.
 *
 * @throws what the storage throws when it cannot be opened
 */
export async function openSharedReadModelAdmin(
  application: Application<any, any>,
  storage: Storage,
): Promise<ReadModelAdmin> {
  const log = await storage.openLog(application.name, { clock: systemClock, mustExist: true });
  const opened: { close(): Promise<void> }[] = [log];
  const release = async () => {
    for (const one of opened) await one.close();
  };
  try {
    const leases = await storage.openLeases(application.name);
    opened.unshift(leases);
    const database = await storage.openReadDatabaseWriter(application.name);
    const idle = (readModel: ReadModelDefinition<string, any>) => idleInShared(readModel, database, leases);
    return administration({ application, log, database, hold: () => false, release, idle });
  } catch (error) {
    await release();
    throw error;
  }
}

function administration({ application, log, database, hold, release, idle }: AdminParts): ReadModelAdmin {
  let projector: Projector | undefined;

  const find = (name: string): ReadModelDefinition<string, any> => {
    const readModel = application.readModels.get(name);
    if (readModel === undefined) throw new UnknownReadModelError(name, [...application.readModels.keys()]);
    return readModel;
  };
  const status = async (name: string): Promise<ReadModelStatus> => {
    const readModel = find(name);
    const state = (await database.state(readModel)) ?? notBegun;
    return readModelStatus(readModel, state, log, await log.head(), systemClock().getTime());
  };
  /** Does the work here when nobody else does: only for the one read model that is meant. */
  const project = async (readModel: ReadModelDefinition<string, any>, isHeld: boolean): Promise<void> => {
    if (!isHeld) return;
    const only = { ...application, readModels: new Map([[readModel.name, readModel]]) };
    projector = new Projector({ application: only, log, database });
    await projector.start();
  };
  const others = async (): Promise<readonly StoredReadModel[]> =>
    (await database.stored()).filter(({ name, version }) => application.readModels.get(name)?.version !== version);

  return {
    list: () => Promise.all([...application.readModels.keys()].map(status)),
    others,
    status,
    async idle(name) {
      const readModel = find(name);
      return projector === undefined ? idle(readModel) : undefined;
    },
    async rebuild(name) {
      const readModel = find(name);
      const isHeld = hold();
      await database.beginBuild(readModel);
      await project(readModel, isHeld);
    },
    async resume(name) {
      const readModel = find(name);
      const isHeld = hold();
      const state = await database.state(readModel);
      for (const one of [state, state?.next]) {
        if (one?.failure !== undefined) await database.setFailure(readModel, undefined, one.build);
      }
      await project(readModel, isHeld);
    },
    async drop(name, version) {
      const current = application.readModels.get(name);
      if (current?.version === version) {
        throw new ReadModelInUseError(
          name,
          version,
          'It is the one that this module has: only older ones can be dropped.',
        );
      }
      const all = await others();
      const old = all.find((one) => one.name === name && one.version === version);
      if (old === undefined) throw new UnknownVersionError(name, version, all);
      // As long as the one before is ahead, somebody moves it, or this one could not take its place.
      const now = current && (await database.state(current));
      if (current !== undefined && !(now?.isServing === true && now.position >= old.position)) {
        const standing = now?.isServing === true ? `is at ${now.position} of ${old.position}` : 'does not serve yet';
        const reason = `Version ${current.version} ${standing}: drop the old one when the new one has got as far.`;
        throw new ReadModelInUseError(name, version, reason);
      }
      await database.drop(name, version);
    },
    async close() {
      await projector?.close();
      await database.close();
      await release();
    },
  };
}

/** Holds the folder, unless the running application does. */
function tryLock(folder: string): FolderLock | undefined {
  try {
    return lockFolder(folder);
  } catch (error) {
    if (error instanceof LogOpenError) return undefined;
    throw error;
  }
}
