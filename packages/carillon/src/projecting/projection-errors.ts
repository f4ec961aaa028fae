import { CarillonError } from '../definitions/errors.js';

/** Where in a read model something could not be done. */
export interface ProjectionPlace {
  readonly readModel: string;
  readonly table: string;
  /** The key of the row, where it is known. */
  readonly key?: unknown;
}

/** What is wrong when a row is inserted that is there, or one updated that is not. */
export const rowExists = 'a row with that key is there already. Use upsert to replace it.';
export const rowMissing =
  'there is no row with that key to update. Give `update` the row to insert as its third argument, or use `upsert`.';

/** An event handler did something that cannot be done to its tables. The read model stops before the event. */
export class ProjectionError extends CarillonError {
  readonly readModel: string;
  readonly table: string;
  /** The key of the row, where it is known. */
  readonly key: unknown;

  constructor({ readModel, table, key }: ProjectionPlace, problem: string) {
    const row = key === undefined ? '' : `, key ${JSON.stringify(key)}`;
    super('projection-failed', `Read model ${readModel}, table ${table}${row}: ${problem}`);
    this.readModel = readModel;
    this.table = table;
    this.key = key;
  }
}

/** An event handler did not come to an end. */
export class HandlerTimeoutError extends CarillonError {
  constructor(readModel: string, eventType: string, timeoutMs: number) {
    super(
      'handler-timeout',
      `The handler of ${eventType} in read model ${readModel} had not ended after ${timeoutMs} ms. Handlers read and write ` +
        'their tables, and wait for nothing else.',
    );
  }
}
