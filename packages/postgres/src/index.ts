/**
 * Carillon's log and read database on PostgreSQL.
 *
 * @packageDocumentation
 */
export { schemaName } from './connection/schema-name.js';
export { appendInTransaction, type TransactionAppend } from './log/append-in-transaction.js';
export { type CopyLogOptions, copyLog } from './log/copy-log.js';
export { openPostgresLog, type PostgresLogOptions } from './log/open.js';
export { type MigratedSide, type MigrationOptions, postgresMigrations } from './migrations/migrations.js';
export {
  type FollowReadModelsOptions,
  followReadModels,
  type ReadModelMove,
} from './read-database/follow-read-models.js';
export {
  openPostgresReadDatabaseReader,
  openPostgresReadDatabaseWriter,
  type PostgresReadDatabaseReaderOptions,
  type PostgresReadDatabaseWriterOptions,
} from './read-database/open.js';
export { type PostgresStorageOptions, postgresStorage } from './storage.js';
