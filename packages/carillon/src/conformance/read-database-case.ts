import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database/read-database.js';
import type { Unsupported } from './log-case.js';

/** Both sides of a read database under test. */
export interface ReadDatabaseSides {
  readonly writer: ReadDatabaseWriter;
  readonly reader: ReadDatabaseReader;
}

/** A read database under test, and what the suite may do with it. */
export interface ReadDatabaseHarness extends ReadDatabaseSides {
  /** Closes both sides and opens them again on what they left behind. Rejects when the adapter cannot do that. */
  reopen(): Promise<ReadDatabaseSides>;
  /** Closes what is open, and removes what was stored. Called once, after each case, failed or not. */
  dispose(): Promise<void>;
}

/** What an adapter can do. What it cannot do needs a reason, and then the suite asserts that it does not. */
export interface ReadDatabaseFeatures {
  /** Whether what was written is there again after the database was closed and opened. */
  readonly reopen: true | Unsupported;
  /** Whether a mistyped word finds what was probably meant, when it occurs nowhere. */
  readonly typoTolerance: true | Unsupported;
}

/** What a case works with. */
export interface ReadDatabaseContext extends ReadDatabaseHarness {
  readonly features: ReadDatabaseFeatures;
}

/** One thing that must hold: its name says what, as a sentence. */
export type ReadDatabaseCaseList = readonly (readonly [
  name: string,
  run: (context: ReadDatabaseContext) => Promise<void>,
])[];
