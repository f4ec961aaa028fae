import type { QueryDatabase, ReadModelDefinition } from 'carillon';
import {
  ReadDatabaseError,
  ReadDatabaseOpenError,
  type ReadDatabaseReader,
  type ReadModelState,
  type Snapshot,
} from 'carillon/adapters';
import { quoted } from '../connection/schema-name.js';
import type { NamedStatements } from './named-statements.js';
import { sqlState } from './postgres-errors.js';
import { QuerySession } from './query-session.js';
import { QueryTables } from './query-tables.js';
import { isRow, readModelsTable, toState } from './read-model-rows.js';
import type { Sessions } from './sessions.js';

type AnyReadModel = ReadModelDefinition<string, any>;

/** How the reader's snapshots begin. */
export interface ReaderOptions {
  readonly schema: string;
  /** How long one statement of a query may take, in milliseconds. */
  readonly statementTimeoutMs: number;
}

/** The reading side of a read database in PostgreSQL: snapshots run side by side, each on a connection of its own meanwhile. */
export class PostgresReadDatabaseReader implements ReadDatabaseReader {
  readonly #sessions: Sessions;
  readonly #schema: string;
  readonly #begin: string;
  readonly #readModels = new WeakMap<AnyReadModel, QueryTables>();
  readonly #tableNames = new Map<number, string>();

  constructor(sessions: Sessions, { schema, statementTimeoutMs }: ReaderOptions) {
    this.#sessions = sessions;
    this.#schema = schema;
    this.#begin =
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${statementTimeoutMs}; ` +
      `SET LOCAL idle_in_transaction_session_timeout = ${2 * statementTimeoutMs}`;
  }

  async snapshot<T>(readModel: AnyReadModel, work: (db: QueryDatabase<any>) => Promise<T> | T): Promise<Snapshot<T>> {
    try {
      return await this.#attempt(readModel, work);
    } catch (error) {
      if (!(error instanceof ReadDatabaseError)) throw error;
      // The connection may have been lost while nobody used it. What only reads can be done again.
      return this.#attempt(readModel, work);
    }
  }

  state(readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    return this.#sessions.use((statements) => this.#state(statements, readModel));
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }

  #attempt<T>(readModel: AnyReadModel, work: (db: QueryDatabase<any>) => Promise<T> | T): Promise<Snapshot<T>> {
    return this.#sessions.use(async (statements) => {
      const tables = this.#know(readModel);
      const { position } = await this.#enter(statements, readModel, tables);
      const session = new QuerySession(statements, tables.known, this.#tableNames);
      try {
        const result = await work(tables.database(session));
        const used = session.close();
        await statements.batch('ROLLBACK');
        return { result, position, tables: used };
      } finally {
        session.close();
      }
    });
  }

  /** Begins the snapshot, after which no table of the read model is made anew: that would not be of the same position. */
  async #enter(statements: NamedStatements, readModel: AnyReadModel, tables: QueryTables): Promise<ReadModelState> {
    const names = [...tables.known.keys()].map((name) => `${quoted(this.#schema)}.${quoted(name)}`);
    const lock = names.length === 0 ? [] : [`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`];
    const row = `SELECT position, failure FROM ${readModelsTable(this.#schema)} WHERE ${isRow(readModel)}`;
    try {
      const { rows } = await statements.batch<{ position: string; failure: string | null }>(this.#begin, ...lock, row);
      if (rows[0] !== undefined) return toState(rows[0].position, rows[0].failure);
    } catch (error) {
      if (!isTableMissing(error)) throw error;
    }
    throw new ReadDatabaseOpenError(
      `Read model ${readModel.name} version ${readModel.version} is not in the read database. Start the application.`,
    );
  }

  async #state(statements: NamedStatements, readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    const sql = `SELECT position, failure FROM ${readModelsTable(this.#schema)} WHERE ${isRow(readModel)}`;
    try {
      const [row] = (await statements.batch<{ position: string; failure: string | null }>(sql)).rows;
      return row === undefined ? undefined : toState(row.position, row.failure);
    } catch (error) {
      if (isTableMissing(error)) return undefined;
      throw error;
    }
  }

  #know(readModel: AnyReadModel): QueryTables {
    let tables = this.#readModels.get(readModel);
    if (tables === undefined) this.#readModels.set(readModel, (tables = new QueryTables(this.#schema, readModel)));
    return tables;
  }
}

function isTableMissing(error: unknown): boolean {
  return sqlState((error as { cause?: unknown }).cause) === '42P01';
}
