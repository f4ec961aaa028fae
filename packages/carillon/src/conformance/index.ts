/**
 * The suites for authors of adapters.
 *
 * @packageDocumentation
 */
export {
  type ConformanceCase,
  type LogConformanceOptions,
  type LogFeatures,
  type LogHarness,
  logConformance,
  type Unsupported,
} from './log-conformance.js';
export {
  type ReadDatabaseConformanceOptions,
  type ReadDatabaseFeatures,
  type ReadDatabaseHarness,
  type ReadDatabaseSides,
  readDatabaseConformance,
} from './read-database-conformance.js';
