import type { Log } from '../log/log.js';

/** A log under test, and what the suite may do with it. */
export interface LogHarness {
  /** A new, empty log. */
  readonly log: Log;
  /** Closes the log and opens it again on what it left behind. Rejects when the adapter cannot do that. */
  reopen(): Promise<Log>;
  /** Makes every write fail, at once or after a while, until `repairStorage`. Rejects when that cannot be provoked. */
  breakStorage(): Promise<void>;
  repairStorage(): Promise<void>;
  /** Closes what is open, and removes what was stored. Called once, after each case, failed or not. */
  dispose(): Promise<void>;
}

/** What an adapter can do. What it cannot do needs a reason, and then the suite asserts that it does not. */
export interface LogFeatures {
  /** Whether events are there again after the log was closed and opened. */
  readonly reopen: true | Unsupported;
  /** Whether the harness can make writes fail. */
  readonly storageFailure: true | Unsupported;
}

/** Why an adapter cannot do something. */
export interface Unsupported {
  readonly unsupported: string;
}

/** What a case works with. */
export interface CaseContext extends LogHarness {
  readonly features: LogFeatures;
  /** The clock that the log was opened with stands still; this moves it. */
  setTime(now: Date): void;
  readonly seed: number;
  readonly randomSteps: number;
}

/** One thing that must hold: its name says what, as a sentence. */
export type CaseList = readonly (readonly [name: string, run: (context: CaseContext) => Promise<void>])[];

/** One case, ready to be run by any test runner. */
export interface ConformanceCase {
  readonly name: string;
  /** Rejects, with an AssertionError or what the log threw, when the adapter does not conform. */
  run(): Promise<void>;
}
