/**
 * A PostgreSQL server of its own, for development, tests and examples.
 *
 * @packageDocumentation
 */
export type { EmbeddedVersion } from './binaries.js';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.js';
