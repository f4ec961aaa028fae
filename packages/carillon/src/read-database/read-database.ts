import type { QueryDatabase } from '../definitions/query-database.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';

/** A row as the database port carries it: values by column name, as handlers and queries see them. */
export type StoredRow = { readonly [column: string]: unknown };

/** The net effect of a batch on one table. */
export interface TableChanges {
  readonly table: string;
  /** Rows that are new: `RowExistsError` when one with that key is there. */
  readonly inserts: readonly StoredRow[];
  /** Rows to be there afterwards, whole, by key: inserted or replaced. */
  readonly upserts: readonly StoredRow[];
  /** Keys (the values of the key columns in their order) of rows not to be there afterwards. */
  readonly deletes: readonly (readonly unknown[])[];
}

/** One transaction that moves a read model: its tables and its checkpoint together. */
export interface ReadModelTransaction {
  /** The rows with these keys (the values of the key columns in their order) that exist, in any order. */
  load(table: string, keys: readonly (readonly unknown[])[]): Promise<readonly StoredRow[]> | readonly StoredRow[];
  /** The rows that have these values, in the order of their keys. */
  find(table: string, where: StoredRow, limit: number): Promise<readonly StoredRow[]> | readonly StoredRow[];
  /** Writes. @throws RowExistsError */
  write(changes: readonly TableChanges[]): Promise<void> | void;
}

/** Where a read model stands. */
export interface ReadModelState {
  /** Every event up to here is in the tables. */
  readonly position: number;
  /** Why it stopped, when it did. */
  readonly failure: ReadModelFailure | undefined;
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

/** The writing side of a read database: used by projecting, by one at a time for each read model. */
export interface ReadDatabaseWriter {
  /** Makes the tables of this version of the read model if they are not there, and says where it stands. */
  prepare(readModel: ReadModelDefinition<string, any>): Promise<ReadModelState>;
  /** Where a read model stands now, whoever moved it; undefined when its tables have not been made. */
  state(readModel: ReadModelDefinition<string, any>): Promise<ReadModelState | undefined>;
  /**
   * Runs `work` and moves the checkpoint from `from` to `to`, in one transaction: all of it or nothing.
   *
   * @throws CheckpointMovedError when the checkpoint is not at `from`: somebody else moved it; nothing was changed
   */
  advance(
    readModel: ReadModelDefinition<string, any>,
    from: number,
    to: number,
    work: (transaction: ReadModelTransaction) => Promise<void> | void,
  ): Promise<void>;
  /** Records that the read model stopped, or that it goes on (undefined). */
  setFailure(readModel: ReadModelDefinition<string, any>, failure: ReadModelFailure | undefined): Promise<void>;
  /** Empties the read model's tables and puts its checkpoint to 0, in one transaction. */
  reset(readModel: ReadModelDefinition<string, any>): Promise<void>;
  close(): Promise<void>;
}

/** What was read, and of when. */
export interface Snapshot<T> {
  readonly result: T;
  /** Every event up to here that concerns the read model is in the result, and none after. */
  readonly position: number;
  /** The tables that were read, by their declared names. */
  readonly tables: readonly string[];
}

/** The reading side of a read database. The connection cannot write, and the database sees to that. */
export interface ReadDatabaseReader {
  /** Runs `work` on one snapshot, together with the position that it is of. Runs one `work` at a time. */
  snapshot<T>(
    readModel: ReadModelDefinition<string, any>,
    work: (db: QueryDatabase<any>) => Promise<T> | T,
  ): Promise<Snapshot<T>>;
  /** Where a read model stands; undefined when its tables have not been made. */
  state(readModel: ReadModelDefinition<string, any>): Promise<ReadModelState | undefined>;
  close(): Promise<void>;
}
