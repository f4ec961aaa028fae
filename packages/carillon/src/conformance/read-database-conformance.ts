import { buildCases } from './build-cases.js';
import { checkpointCases } from './checkpoint-cases.js';
import type { ConformanceCase } from './log-case.js';
import { queryCases } from './query-cases.js';
import type { ReadDatabaseCaseList, ReadDatabaseFeatures, ReadDatabaseHarness } from './read-database-case.js';
import { searchCases } from './search-cases.js';
import { tableCases } from './table-cases.js';

/** What the suite needs to know of an adapter. */
export interface ReadDatabaseConformanceOptions {
  /** Makes a new, empty read database. */
  open(): Promise<ReadDatabaseHarness>;
  readonly features: ReadDatabaseFeatures;
}

const groups: readonly (readonly [string, ReadDatabaseCaseList])[] = [
  ['checkpoints', checkpointCases],
  ['builds', buildCases],
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
