import type { ReadDatabaseReader, ReadDatabaseWriter } from 'carillon/adapters';
import { checkUrl } from '../connection/connect-problem.js';
import { openPool } from '../connection/pool.js';
import { checkSchema } from '../connection/schema-name.js';
import { migrate } from '../migrations/migrations.js';
import { toOpenError } from './postgres-errors.js';
import { PostgresReadDatabaseReader } from './postgres-reader.js';
import { PostgresReadDatabaseWriter } from './postgres-writer.js';
import { Sessions } from './sessions.js';

/** What `openPostgresReadDatabaseWriter` takes. */
export interface PostgresReadDatabaseWriterOptions {
  /** `postgresql://user:password@host:5432/database`. It may be another database than the log's. */
  readonly url: string;
  /** The schema of the read models' tables: one for each application. Made if it is not there. */
  readonly schema: string;
  /** The most connections: so many read models are written at a time. Default 4. */
  readonly connections?: number;
  /**
   * Whether a commit waits until it is on disk. Default false: after a crash of the server the last commits may be missing, as a whole and
   * together with their checkpoints, and are projected again.
   */
  readonly synchronousCommit?: boolean;
  /**
   * How long a transaction may do nothing before the server ends it, in milliseconds. Default 30,000. Whoever takes over from a
   * process that hangs in the middle waits so long at most.
   */
  readonly idleTimeoutMs?: number;
}

/** What `openPostgresReadDatabaseReader` takes. */
export interface PostgresReadDatabaseReaderOptions {
  readonly url: string;
  readonly schema: string;
  /** The most connections: so many queries run at a time, others wait. Default 8. */
  readonly connections?: number;
  /** How long one select of a query may take, in milliseconds. Default 30,000. */
  readonly statementTimeoutMs?: number;
}

/** After how long without an answer a connection is taken to be lost, in milliseconds: no write of a batch takes so long. */
const writeAnswerTimeoutMs = 120_000;

/** How much later than the server ends a select its answer may come, in milliseconds. */
const answerDelayMs = 5_000;

/**
 * Opens the read database for projecting; makes its tables if they are not there. Several processes may have it open: of two that
 * move one read model from the same position one does, and the other is told `CheckpointMovedError` and has changed nothing.
 *
 * @throws CarillonError `postgres-url-invalid`
 * @throws ReadDatabaseOpenError
 */
export async function openPostgresReadDatabaseWriter(
  options: PostgresReadDatabaseWriterOptions,
): Promise<ReadDatabaseWriter> {
  const { url, schema, connections = 4, synchronousCommit = false, idleTimeoutMs = 30_000 } = options;
  checkUrl(url);
  checkSchema(schema);
  const pool = openPool({ url, name: `carillon ${schema} writer`, max: connections });
  try {
    const client = await pool.connect();
    try {
      await migrate(client, 'read', schema);
    } finally {
      client.release();
    }
  } catch (error) {
    await pool.end();
    throw toOpenError(error, schema, url);
  }
  return new PostgresReadDatabaseWriter(new Sessions(pool, writeAnswerTimeoutMs), {
    schema,
    isSynchronous: synchronousCommit,
    idleTimeoutMs,
  });
}

/**
 * Opens the read database for queries. Its transactions cannot write, whatever its user may do: PostgreSQL refuses. Several queries may
 * run at a time; connections that were lost are replaced. Read models are there as soon as some process has made them.
 *
 * @throws CarillonError `postgres-url-invalid`
 * @throws ReadDatabaseOpenError when the server cannot be reached
 */
export async function openPostgresReadDatabaseReader(
  options: PostgresReadDatabaseReaderOptions,
): Promise<ReadDatabaseReader> {
  const { url, schema, connections = 8, statementTimeoutMs = 30_000 } = options;
  checkUrl(url);
  checkSchema(schema);
  const pool = openPool({ url, name: `carillon ${schema} reader`, max: connections });
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw toOpenError(error, schema, url);
  }
  return new PostgresReadDatabaseReader(new Sessions(pool, statementTimeoutMs + answerDelayMs), {
    schema,
    statementTimeoutMs,
  });
}
