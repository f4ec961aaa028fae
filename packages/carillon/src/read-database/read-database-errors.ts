import { CarillonError } from '../definitions/errors.js';

/** The read model's checkpoint was moved by somebody else. Nothing was changed. */
export class CheckpointMovedError extends CarillonError {
  constructor(readModel: string, expected: number, found: number) {
    super(
      'checkpoint-moved',
      `Read model ${readModel} is at position ${found}, not ${expected}: somebody else moved it. Only one may.`,
    );
  }
}

/** A row was inserted whose key is there already. */
export class RowExistsError extends CarillonError {
  constructor(table: string, key: readonly unknown[]) {
    super('row-exists', `Table ${table} has a row with the key ${JSON.stringify(key)}. Use upsert to replace it.`);
  }
}

/** A row was updated that is not there. */
export class RowMissingError extends CarillonError {
  constructor(table: string, key: readonly unknown[]) {
    super('row-missing', `Table ${table} has no row with the key ${JSON.stringify(key)} to update.`);
  }
}

/** The tables of a read model were changed, but its version was not. */
export class ReadModelChangedError extends CarillonError {
  constructor(readModel: string, version: number) {
    super(
      'read-model-changed',
      `The tables of read model ${readModel} are not those that version ${version} was built with. ` +
        `Raise its version to ${version + 1}, or rebuild it: carillon read-models rebuild ${readModel}`,
    );
  }
}

/** The file cannot be used as a read database. */
export class ReadDatabaseOpenError extends CarillonError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('read-database-open-failed', message, options);
  }
}
