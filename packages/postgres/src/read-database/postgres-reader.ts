import type { QueryDatabase, ReadModelDefinition } from 'carillon';
import {
  ReadDatabaseError,
  ReadDatabaseOpenError,
  type ReadDatabaseReader,
  type ReadModelState,
  type Snapshot,
  stateOf,
} from 'carillon/adapters';
import { sqlState } from '../connection/connection-errors.js';
import { quoted } from '../connection/schema-name.js';
import type { NamedStatements } from './named-statements.js';
import { QuerySession } from './query-session.js';
import { QueryTables } from './query-tables.js';
import { type BuildRow, buildColumns, isRow, readModelsTable, toBuild } from './read-model-rows.js';
import type { Sessions } from './sessions.js';

type AnyReadModel = ReadModelDefinition<string, any>;

/** How often a snapshot is begun again because other tables serve meanwhile. */
const maxTries = 10;

/** A snapshot that has begun. */
interface Entered extends ReadModelState {
  readonly tables: QueryTables;
}

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
      const { tables, position, isServing } = await this.#enter(statements, readModel);
      const session = new QuerySession(statements, tables.known, this.#tableNames);
      try {
        const result = await work(tables.database(session));
        const used = session.close();
        await statements.batch('ROLLBACK');
        return { result, position, isServing, tables: used };
      } finally {
        session.close();
      }
    });
  }

  /**
   * Begins a snapshot on the tables that serve. They are locked first, so that nobody drops them or makes them anew; should others
   * serve by the time of the snapshot, those are tried.
   */
  async #enter(statements: NamedStatements, readModel: AnyReadModel): Promise<Entered> {
    let tables = this.#readModels.get(readModel);
    for (let tries = 0; tries < maxTries; tries++) {
      if (tables === undefined) {
        const state = await this.#state(statements, readModel);
        if (state === undefined) break;
        tables = this.#know(readModel, state.build);
      }
      const state = await this.#begun(statements, readModel, tables);
      if (state?.build === tables.build) return { ...state, tables };
      await statements.batch('ROLLBACK');
      tables = state && this.#know(readModel, state.build);
    }
    throw new ReadDatabaseOpenError(
      `Read model ${readModel.name} version ${readModel.version} is not in the read database. Start the application.`,
    );
  }

  /** Begins a snapshot that may read these tables; undefined when they are gone. */
  async #begun(
    statements: NamedStatements,
    readModel: AnyReadModel,
    { known }: QueryTables,
  ): Promise<ReadModelState | undefined> {
    const names = [...known.keys()].map((name) => `${quoted(this.#schema)}.${quoted(name)}`);
    const lock = names.length === 0 ? [] : [`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`];
    try {
      const { rows } = await statements.batch<BuildRow>(this.#begin, ...lock, this.#builds(readModel));
      return stateOf(readModel, rows.map(toBuild));
    } catch (error) {
      if (isTableMissing(error)) return undefined;
      throw error;
    }
  }

  async #state(statements: NamedStatements, readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    try {
      const { rows } = await statements.batch<BuildRow>(this.#builds(readModel));
      return stateOf(readModel, rows.map(toBuild));
    } catch (error) {
      if (isTableMissing(error)) return undefined;
      throw error;
    }
  }

  #builds(readModel: AnyReadModel): string {
    return `SELECT ${buildColumns} FROM ${readModelsTable(this.#schema)} WHERE ${isRow(readModel)} ORDER BY build`;
  }

  #know(readModel: AnyReadModel, build: number): QueryTables {
    const tables = new QueryTables(this.#schema, readModel, build);
    this.#readModels.set(readModel, tables);
    return tables;
  }
}

function isTableMissing(error: unknown): boolean {
  return sqlState((error as { cause?: unknown }).cause) === '42P01';
}
