/**
 * The testing kit: an application's rules and answers, tested without any server.
 *
 * @packageDocumentation
 */

export type { Duration } from '../definitions/duration.js';
export { startInMemory as testApplication } from '../runtime/start.js';
export { type Part, ScenarioError } from './failure.js';
export { given, Scenario } from './scenario.js';
export { simulate } from './simulation/simulate.js';
export type { Simulation } from './simulation/simulation.js';
export {
  type Faults,
  type Invariant,
  SimulatedFault,
  SimulationError,
  type SimulationOptions,
  type SimulationReport,
} from './simulation/simulation-options.js';
export { type TestClock, testClock } from './test-clock.js';
