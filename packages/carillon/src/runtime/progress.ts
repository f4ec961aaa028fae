import type { ReadModelFailure } from '../read-database/read-database.js';

/** A read model moved, or stopped. */
export interface Progress {
  readonly readModel: string;
  readonly position: number;
  /** The tables that changed on the way, by their declared names. */
  readonly tables: readonly string[];
  readonly failure: ReadModelFailure | undefined;
}
