import type { Clock } from '../definitions/clock.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { LeaseStore } from '../leasing/lease-store.js';
import type { Log } from '../log/log.js';
import type { Move } from '../querying/read-model-positions.js';
import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database/read-database.js';

/**
 * Where applications keep their log and their read models when that is not a folder: a database that several processes
 * share. `@carillon/postgres` has one.
 */
export interface Storage {
  /** What it is, for people: no secrets. */
  readonly name: string;
  /** @throws LogOpenError when it cannot be opened, or must exist and does not: otherwise it is made */
  openLog(application: string, options: { readonly clock: Clock; readonly mustExist?: boolean }): Promise<Log>;
  /** May be used for several read models at a time. */
  openReadDatabaseWriter(application: string): Promise<ReadDatabaseWriter>;
  /** May be asked several questions at a time. */
  openReadDatabaseReader(application: string): Promise<ReadDatabaseReader>;
  /** Where processes note down who does what. */
  openLeases(application: string): Promise<LeaseStore>;
  /**
   * Tells where the read models get to, whichever process moves them: first where each stands, then every move, soon and at
   * least the last of several.
   */
  followReadModels(application: string, follower: ReadModelFollower): Promise<{ close(): Promise<void> }>;
}

/** Who hears where read models get to. */
export interface ReadModelFollower {
  readonly onMove: (move: Move & { readonly version: number }) => void;
  /** Hears of a read model of which only other tables are stored, under the version that this process uses. */
  readonly onChanged: (readModel: ReadModelDefinition<string, any>) => void;
  /** Hears of what could not be read: it is tried again. */
  readonly onError: (error: unknown) => void;
  /** Hears that it can be read again. */
  readonly onReconnect?: () => void;
  /** The read models that this process uses: as long as they are followed, nobody can drop these versions of them. */
  readonly readModels: readonly ReadModelDefinition<string, any>[];
}
