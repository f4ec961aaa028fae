import type { Storage } from 'carillon/runtime';
import { checkUrl, placeOf } from './connection/connect-problem.js';
import { openPool } from './connection/pool.js';
import { checkSchema, schemaName } from './connection/schema-name.js';
import { PostgresLeaseStore } from './leases/postgres-lease-store.js';
import { openPostgresLog, type PostgresLogOptions } from './log/open.js';
import { followReadModels } from './read-database/follow-read-models.js';
import {
  openPostgresReadDatabaseReader,
  openPostgresReadDatabaseWriter,
  type PostgresReadDatabaseReaderOptions,
  type PostgresReadDatabaseWriterOptions,
} from './read-database/open.js';

/** How long the leases may keep one waiting before their connection counts as lost, in milliseconds. */
const answerTimeoutMs = 10_000;

/** What `postgresStorage` takes. */
export interface PostgresStorageOptions {
  /** Where the log is: `postgresql://user:password@host:5432/database`. */
  readonly url: string;
  /** Where the read models are. Default: where the log is. */
  readonly readUrl?: string;
  /** The schema of the log. Default: named after the application. */
  readonly schema?: string;
  /** The schema of the read models. Default: that of the log, with `_read` behind it. */
  readonly readSchema?: string;
  /** More about the log, and the connections that read it. */
  readonly log?: Omit<PostgresLogOptions, 'url' | 'schema' | 'clock' | 'mustExist'>;
  /** More about how read models are written: how many at a time. */
  readonly projecting?: Omit<PostgresReadDatabaseWriterOptions, 'url' | 'schema'>;
  /** More about how queries are answered: how many at a time, and how long a select of one may take. */
  readonly querying?: Omit<PostgresReadDatabaseReaderOptions, 'url' | 'schema'>;
}

/**
 * PostgreSQL as the storage of applications, for `start`: the log and the read models in a schema each, in one database or two. Any
 * number of processes may share it.
 *
 * @throws CarillonError `postgres-url-invalid` when a URL cannot be read
 */
export function postgresStorage(options: PostgresStorageOptions): Storage {
  const { url, readUrl = url, schema, readSchema } = options;
  checkUrl(url);
  checkUrl(readUrl);
  const logIn = (application: string) => checkSchema(schema ?? schemaName(application));
  const readIn = (application: string) => checkSchema(readSchema ?? `${logIn(application)}_read`);
  const openWriter = (application: string) =>
    openPostgresReadDatabaseWriter({ ...options.projecting, url: readUrl, schema: readIn(application) });
  return {
    name: readUrl === url ? placeOf(url) : `${placeOf(url)}, read models ${placeOf(readUrl)}`,
    openLog: (application, { clock, mustExist }) =>
      openPostgresLog({
        ...{ ...options.log, url, schema: logIn(application), clock },
        ...(mustExist === undefined ? {} : { mustExist }),
      }),
    openReadDatabaseWriter: openWriter,
    async openReadDatabaseReader(application) {
      // Whoever comes first makes the tables: it need not be a process that writes them.
      await (await openWriter(application)).close();
      return openPostgresReadDatabaseReader({ ...options.querying, url: readUrl, schema: readIn(application) });
    },
    async openLeases(application) {
      const pool = openPool({ url, name: `carillon ${application} leases`, max: 1, answerTimeoutMs });
      return new PostgresLeaseStore({ pool, schema: logIn(application) });
    },
    followReadModels: (application, follower) =>
      followReadModels({ url: readUrl, schema: readIn(application), ...follower }),
  };
}
