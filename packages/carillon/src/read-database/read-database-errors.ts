import { CarillonError } from '../definitions/errors.js';

/** The read model's checkpoint was moved by somebody else. Nothing was changed. */
export class CheckpointMovedError extends CarillonError {
  /** Where it was believed to stand. */
  readonly expected: number;
  /** Where it stands. */
  readonly found: number;

  constructor(readModel: string, expected: number, found: number) {
    super(
      'checkpoint-moved',
      `Read model ${readModel} is at position ${found}, not ${expected}: somebody else moved it. Only one may.`,
    );
    this.expected = expected;
    this.found = found;
  }
}

/** A build of a read model that was to be moved is not under way any more: it was given up, replaced or dropped. Nothing was changed. */
export class BuildGoneError extends CarillonError {
  readonly build: number | undefined;

  constructor(readModel: string, build: number | undefined) {
    super(
      'read-model-build-gone',
      build === undefined
        ? `Read model ${readModel} has no tables: they were dropped, or made otherwise. Start the application again.`
        : `Build ${build} of read model ${readModel} is not under way any more: it was begun again, replaced or dropped.`,
    );
    this.build = build;
  }
}

/** A version of a read model cannot be dropped: somebody uses it, or may have to. */
export class ReadModelInUseError extends CarillonError {
  /** @param reason who uses it, and what to do first: whole sentences */
  constructor(
    readModel: string,
    version: number,
    reason = 'A process that runs uses it. Stop the old processes first, then drop it.',
  ) {
    super('read-model-in-use', `Version ${version} of read model ${readModel} cannot be dropped. ${reason}`);
  }
}

/** A row was inserted whose key is there already. */
export class RowExistsError extends CarillonError {
  readonly table: string;
  readonly key: readonly unknown[];

  constructor(table: string, key: readonly unknown[]) {
    super('row-exists', `Table ${table} has a row with the key ${JSON.stringify(key)}. Use upsert to replace it.`);
    this.table = table;
    this.key = key;
  }
}

/** A row was updated that is not there. */
export class RowMissingError extends CarillonError {
  readonly table: string;
  readonly key: readonly unknown[];

  constructor(table: string, key: readonly unknown[]) {
    super('row-missing', `Table ${table} has no row with the key ${JSON.stringify(key)} to update.`);
    this.table = table;
    this.key = key;
  }
}

/** The tables of a read model were changed, but its version was not. */
export class ReadModelChangedError extends CarillonError {
  constructor(readModel: string, version: number) {
    super(
      'read-model-changed',
      `The tables of read model ${readModel} are not those that version ${version} was built with. ` +
        `Raise its version to ${version + 1}, or rebuild it: carillon read-models rebuild <module> ${readModel}`,
    );
  }
}

/** The file cannot be used as a read database. */
export class ReadDatabaseOpenError extends CarillonError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('read-database-open-failed', message, options);
  }
}

/** The storage failed: the disk is full, the file is locked or damaged. Nothing was changed; it can be tried again. */
export class ReadDatabaseError extends CarillonError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('read-database-failed', message, options);
  }
}

/** The read database was closed. */
export class ReadDatabaseClosedError extends CarillonError {
  constructor() {
    super('read-database-closed', 'The read database is closed. Open it again to use it.');
  }
}

/** More work waits for the read database than it takes. */
export class ReadDatabaseOverloadedError extends CarillonError {
  constructor(waiting: number) {
    super('read-database-overloaded', `${waiting} calls wait for the read database. Try again in a moment.`);
  }
}

/** A query tried to write. The database refused. */
export class ReadOnlyError extends CarillonError {
  constructor(options?: { cause?: unknown }) {
    super(
      'query-not-read-only',
      'A query may only read: write a command, or an event handler of a read model.',
      options,
    );
  }
}

/** A query cannot be executed: SQL that means nothing, a parameter that no column holds. */
export class QueryRefusedError extends CarillonError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('query-refused', message, options);
  }
}
