import type { QueryDatabase } from '../definitions/query-database.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';

/** What stands in one column of a stored row: JSON columns hold their JSON text, so that nobody parses what nobody looks at. */
export type Cell = string | number | boolean | null;

/** A row as the database port carries it: every column's cell, by name. */
export type StoredRow = { readonly [column: string]: Cell };

/** A row's key: the cells of the key columns in their order. */
export type StoredKey = readonly Cell[];

/** The net effect of a batch on one table. No key occurs twice. */
export interface TableChanges {
  readonly table: string;
  /** Rows that are new: `RowExistsError` when one with that key is there. */
  readonly inserts: readonly StoredRow[];
  /** Rows to be there afterwards, whole, by key: inserted or replaced. */
  readonly upserts: readonly StoredRow[];
  /** Rows that are there, by the columns that changed in them: `RowMissingError` when one is not. */
  readonly updates: readonly RowUpdates[];
  /** The keys of rows not to be there afterwards. */
  readonly deletes: readonly StoredKey[];
}

/** Rows in which the same columns changed. */
export interface RowUpdates {
  /** The columns that changed; none of the key. */
  readonly columns: readonly string[];
  /** The rows as they shall be: the columns of the key, those that changed, and maybe others. */
  readonly rows: readonly StoredRow[];
}

/** Which of the rows that `find` finds are wanted. */
export interface FindOptions {
  /** The most rows. */
  readonly limit: number;
  /** Only rows whose key comes after this one. */
  readonly after?: StoredKey | undefined;
}

/** One transaction that moves a read model: its tables and its checkpoint together. */
export interface ReadModelTransaction {
  /** The rows with these keys that exist, in any order. */
  load(table: string, keys: readonly StoredKey[]): Promise<readonly StoredRow[]> | readonly StoredRow[];
  /**
   * The rows that have these values, in the order of their keys: texts by code points, `false` before `true`. `null` finds
   * `null`.
   */
  find(table: string, where: StoredRow, options: FindOptions): Promise<readonly StoredRow[]> | readonly StoredRow[];
  /** Writes. @throws RowExistsError, RowMissingError */
  write(changes: readonly TableChanges[]): Promise<void> | void;
}

/** One build of a read model's tables: the first, or one that is made beside those that serve. */
export interface BuildState {
  /** Which: 1 for the first, and more for each that was begun later. Never the same for two builds. */
  readonly build: number;
  /** Every event up to here is in the tables. */
  readonly position: number;
  /** Why it stopped, when it did. */
  readonly failure: ReadModelFailure | undefined;
  /** When it was begun, ISO 8601. */
  readonly begunAt: string;
}

/** Where a read model stands: the build that serves, or, when none has caught up yet, the one that will be the first to. */
export interface ReadModelState extends BuildState {
  /** Whether it has caught up once. Until then it is built for the first time, and nothing is answered from it. */
  readonly isServing: boolean;
  /** What is built beside the tables that serve, to replace them. */
  readonly next: BuildState | undefined;
}

/** A handler failed: the read model stands still before the event until it is resumed or rebuilt. */
export interface ReadModelFailure {
  /** The event that could not be handled. */
  readonly position: number;
  readonly eventType: string;
  readonly message: string;
  /** When it failed, ISO 8601. */
  readonly failedAt: string;
}

/** One version of a read model, as it is stored. */
export interface StoredReadModel extends ReadModelState {
  readonly name: string;
  readonly version: number;
  /** What its tables are called in the database: those of all its builds. */
  readonly tables: readonly string[];
}

/**
 * The writing side of a read database: used by projecting, by one at a time for each read model.
 *
 * A version of a read model has one build of its tables that serves, and at most one that is made beside it. What was declared
 * otherwise under the same name and version does not concern a declaration: it neither sees nor moves those builds.
 */
export interface ReadDatabaseWriter {
  /**
   * Begins the first build of this version of the read model if there is none, and says where it stands.
   *
   * @throws ReadModelChangedError when only other tables are stored under its name and version
   */
  prepare(readModel: ReadModelDefinition<string, any>): Promise<ReadModelState>;
  /** Where a read model stands now, whoever moved it; undefined when its tables have not been made. */
  state(readModel: ReadModelDefinition<string, any>): Promise<ReadModelState | undefined>;
  /**
   * Runs `work` and moves the checkpoint of a build from `from` to `to`, in one transaction: all of it or nothing.
   *
   * @param build which build; without it the one that serves, or will be the first to
   * @throws CheckpointMovedError when the checkpoint is not at `from`: somebody else moved it; nothing was changed
   * @throws BuildGoneError when that build is not under way any more; nothing was changed
   */
  advance(
    readModel: ReadModelDefinition<string, any>,
    from: number,
    to: number,
    work: (transaction: ReadModelTransaction) => Promise<void> | void,
    build?: number,
  ): Promise<void>;
  /**
   * Records that a build stopped, or that it goes on (undefined).
   *
   * @throws CheckpointMovedError when the checkpoint is beyond the event that is said to have failed: somebody else could handle it
   * @throws BuildGoneError when that build is not under way any more
   */
  setFailure(
    readModel: ReadModelDefinition<string, any>,
    failure: ReadModelFailure | undefined,
    build?: number,
  ): Promise<void>;
  /** Begins to build the read model's tables anew beside those that serve. What was being built there already is given up. */
  beginBuild(readModel: ReadModelDefinition<string, any>): Promise<ReadModelState>;
  /**
   * Lets a build answer from now on, in the place of the one that did, in one transaction. The replaced tables stay until
   * `dropReplaced`.
   *
   * @returns false when it has not got as far as the one that serves: then nothing was changed
   * @throws BuildGoneError when that build is not under way any more
   */
  serve(readModel: ReadModelDefinition<string, any>, build: number): Promise<boolean>;
  /**
   * Removes tables that were replaced, unless somebody reads them still.
   *
   * @returns whether all are gone
   */
  dropReplaced(readModel: ReadModelDefinition<string, any>): Promise<boolean>;
  /**
   * Removes every build of this version of the read model and begins its first again, empty, as it is declared now, in one
   * transaction: for tables that are wrong. Nothing is answered until that has caught up.
   */
  reset(readModel: ReadModelDefinition<string, any>): Promise<void>;
  /** Every version of every read model that is stored: old ones stay until they are dropped. */
  stored(): Promise<readonly StoredReadModel[]>;
  /**
   * Removes one version of a read model with its tables, if it is there.
   *
   * @throws ReadModelInUseError when the database knows of a process that uses it; nothing was changed
   */
  drop(name: string, version: number): Promise<void>;
  /** Finishes the transaction that runs, and lets go. */
  close(): Promise<void>;
}

/** What was read, and of when. */
export interface Snapshot<T> {
  readonly result: T;
  /** Every event up to here that concerns the read model is in the result, and none after. */
  readonly position: number;
  /** Whether the tables have caught up once. What comes from others is half-built. */
  readonly isServing: boolean;
  /** The tables that were read, by their declared names; all of them where that cannot be told. */
  readonly tables: readonly string[];
}

/** The reading side of a read database. The connection cannot write, and the database sees to that. */
export interface ReadDatabaseReader {
  /**
   * Runs `work` on one snapshot of the build that serves, together with the position that it is of. Several wait for each other, or run side by side.
   * Selects are executed while it runs: later ones are refused. Where a connection was lost, it may be run again.
   *
   * @throws ReadOnlyError, QueryRefusedError from the selects that `work` executes
   */
  snapshot<T>(
    readModel: ReadModelDefinition<string, any>,
    work: (db: QueryDatabase<any>) => Promise<T> | T,
  ): Promise<Snapshot<T>>;
  /** Where a read model stands; undefined when its tables have not been made. */
  state(readModel: ReadModelDefinition<string, any>): Promise<ReadModelState | undefined>;
  close(): Promise<void>;
}
