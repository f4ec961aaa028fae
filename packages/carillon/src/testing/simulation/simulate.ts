import { createHash } from 'node:crypto';
import type { SimulationOptions, SimulationReport } from './simulation-options.js';
import { SimulationRun } from './simulation-run.js';

/**
 * Runs an application again and again on simulated time: commands, projections, reactions, process managers and timers, in
 * any order in which they could happen, with deliveries that fail or are made twice, and crashes between any two steps. Everything
 * is decided by the seed: what failed once fails again.
 *
 * ```ts
 * await simulate({
 *   application: shop,
 *   runs: 100,
 *   workload: ({ execute, below }) =>
 *     Promise.all(orders.map((order) => execute(PlaceOrder(order)))),
 *   invariants: { 'never oversold': ({ events }) => assertNeverOversold(events()) },
 * });
 * ```
 *
 * @throws SimulationError naming what did not hold, and the seed that shows it again
 */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { seed = 1, runs = 20 } = options;
  const trace = createHash('sha256');
  let steps = 0;
  let crashes = 0;
  let events = 0;
  for (let run = 0; run < runs; run++) {
    const simulation = new SimulationRun(options, seed + run);
    await simulation.run();
    steps += simulation.steps;
    crashes += simulation.crashes;
    events += simulation.eventCount;
    trace.update(simulation.trace);
  }
  return { runs, steps, crashes, events, trace: trace.digest('base64url').slice(0, 22) };
}
