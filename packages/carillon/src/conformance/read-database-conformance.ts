import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database/read-database.js';
import { checkpointCases } from './checkpoint-cases.js';
import type { ConformanceCase, Unsupported } from './log-conformance.js';
import { queryCases } from './query-cases.js';
import { searchCases } from './search-cases.js';
import { tableCases } from './table-cases.js';

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

/** What the suite needs to know of an adapter. */
export interface ReadDatabaseConformanceOptions {
  /** Makes a new, empty read database. */
  open(): Promise<ReadDatabaseHarness>;
  readonly features: ReadDatabaseFeatures;
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

const groups: readonly (readonly [string, ReadDatabaseCaseList])[] = [
  ['checkpoints', checkpointCases],
  ['tables', tableCases],
  ['queries', queryCases],
  ['search', searchCases],
];

/**
 * The suite that every adapter of the read database passes: a list of cases, to be handed to any test runner.
 *
 * ```ts
 * for (const { name, run } of readDatabaseConformance({ open, features })) test(name, run);
 * ```
 */
export function readDatabaseConformance(options: ReadDatabaseConformanceOptions): readonly ConformanceCase[] {
  return groups.flatMap(([group, cases]) =>
    cases.map(([name, run]) => ({ name: `${group}: ${name}`, run: () => runCase(options, run) })),
  );
}

async function runCase(
  { open, features }: ReadDatabaseConformanceOptions,
  run: ReadDatabaseCaseList[number][1],
): Promise<void> {
  const harness = await open();
  const { writer, reader } = harness;
  try {
    await run({ writer, reader, features, reopen: () => harness.reopen(), dispose: () => harness.dispose() });
  } finally {
    await harness.dispose();
  }
}
