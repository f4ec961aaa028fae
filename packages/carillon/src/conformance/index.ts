/**
 * The suites for authors of adapters.
 *
 * @packageDocumentation
 */
export type { ConformanceCase, LogFeatures, LogHarness, Unsupported } from './log-case.js';
export { type LogConformanceOptions, logConformance } from './log-conformance.js';
export type { ReadDatabaseFeatures, ReadDatabaseHarness, ReadDatabaseSides } from './read-database-case.js';
export { type ReadDatabaseConformanceOptions, readDatabaseConformance } from './read-database-conformance.js';
