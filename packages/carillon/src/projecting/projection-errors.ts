import { CarillonError } from '../definitions/errors.js';

/** An event handler did something that cannot be done to its tables. The read model stops before the event. */
export class ProjectionError extends CarillonError {
  readonly table: string;

  constructor(table: string, problem: string) {
    super('projection-failed', `Table ${table}: ${problem}`);
    this.table = table;
  }
}
