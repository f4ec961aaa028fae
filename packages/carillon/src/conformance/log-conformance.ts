import type { Clock } from '../definitions/clock.js';
import { appendingCases } from './appending-cases.js';
import { closingCases } from './closing-cases.js';
import { concurrencyCases } from './concurrency-cases.js';
import { conditionCases } from './condition-cases.js';
import { dataCases } from './data-cases.js';
import { failureCases } from './failure-cases.js';
import { limitCases } from './limit-cases.js';
import { loadingCases } from './loading-cases.js';
import type { CaseList, ConformanceCase, LogFeatures, LogHarness } from './log-case.js';
import { modelCases } from './model-cases.js';
import { readingCases } from './reading-cases.js';

/** What the suite needs to know of an adapter. */
export interface LogConformanceOptions {
  /** Makes a new, empty log that takes the time from `clock`. */
  open(options: { readonly clock: Clock }): Promise<LogHarness>;
  readonly features: LogFeatures;
  /** The seed of the randomised cases: give the one that a failure named to see it again. Default: a new one each time. */
  readonly seed?: number;
  /** How many random operations each randomised case makes. Default 300. */
  readonly randomSteps?: number;
}

const groups: readonly (readonly [string, CaseList])[] = [
  ['appending', appendingCases],
  ['conditions', conditionCases],
  ['concurrency', concurrencyCases],
  ['reading', readingCases],
  ['loading', loadingCases],
  ['data', dataCases],
  ['limits', limitCases],
  ['closing', closingCases],
  ['failing storage', failureCases],
  ['random operations', modelCases],
];

/** When the suite's clock stands at the beginning of each case. */
const begin = new Date('2026-03-01T12:00:00.000Z');

/**
 * The suite that every adapter of the log passes: a list of cases, to be handed to any test runner.
 *
 * ```ts
 * for (const { name, run } of logConformance({ open, features })) test(name, run);
 * ```
 */
export function logConformance(options: LogConformanceOptions): readonly ConformanceCase[] {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  return groups.flatMap(([group, cases]) =>
    cases.map(([name, run]) => ({ name: `${group}: ${name}`, run: () => runCase(options, seed, run) })),
  );
}

async function runCase(options: LogConformanceOptions, seed: number, run: CaseList[number][1]): Promise<void> {
  let now = begin;
  const harness = await options.open({ clock: () => now });
  try {
    await run({
      log: harness.log,
      reopen: () => harness.reopen(),
      breakStorage: () => harness.breakStorage(),
      repairStorage: () => harness.repairStorage(),
      dispose: () => harness.dispose(),
      features: options.features,
      setTime: (time) => {
        now = time;
      },
      seed,
      randomSteps: options.randomSteps ?? 300,
    });
  } finally {
    await harness.dispose();
  }
}
