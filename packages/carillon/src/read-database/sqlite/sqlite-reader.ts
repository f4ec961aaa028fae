import { type Kysely, sql } from 'kysely';
import type { QueryDatabase } from '../../definitions/query-database.js';
import type { ReadModelDefinition } from '../../definitions/read-model.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import { physicalSchema, tablesOf } from '../physical-schema.js';
import type { ReadDatabaseReader, ReadModelState, Snapshot } from '../read-database.js';
import { ReadDatabaseOpenError } from '../read-database-errors.js';
import { matchText } from './match-text.js';
import { sqliteKysely } from './sqlite-kysely.js';
import { toState } from './sqlite-writer.js';
import { StatementCache } from './statement-cache.js';
import { isSearchable, quote, searchRowColumn, searchTable } from './table-ddl.js';

type AnyReadModel = ReadModelDefinition<string, any>;

/** How a reader brackets what it does: by a transaction of its own connection, or as its owner says. */
export interface SnapshotBrackets {
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

/** The reading side of a read database on an open SQLite connection that cannot write. */
export class SqliteReadDatabaseReader implements ReadDatabaseReader {
  readonly #db: Sqlite;
  readonly #brackets: SnapshotBrackets;
  readonly #statements: StatementCache;
  readonly #kysely: Kysely<any>;
  readonly #databases = new Map<string, QueryDatabase<any>>();
  #state: SqliteStatement | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(db: Sqlite, brackets?: SnapshotBrackets) {
    this.#db = db;
    this.#brackets = brackets ?? { begin: () => void db.exec('BEGIN'), end: () => void db.exec('COMMIT') };
    this.#statements = new StatementCache(db);
    this.#kysely = sqliteKysely(this.#statements);
  }

  snapshot<T>(readModel: AnyReadModel, work: (db: QueryDatabase<any>) => Promise<T> | T): Promise<Snapshot<T>> {
    const mine = this.#last.then(async () => {
      await this.#brackets.begin();
      try {
        const state = this.#read(readModel);
        if (state === undefined) {
          throw new ReadDatabaseOpenError(
            `Read model ${readModel.name} version ${readModel.version} is not in the read database. Start the application.`,
          );
        }
        this.#statements.takeUsedTables();
        const result = await work(this.#database(readModel));
        return { result, position: state.position, tables: this.#statements.takeUsedTables() };
      } finally {
        await this.#brackets.end();
      }
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async state(readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    return this.#read(readModel);
  }

  async close(): Promise<void> {
    await this.#last;
    this.#db.close();
  }

  #read(readModel: AnyReadModel): ReadModelState | undefined {
    this.#state ??= this.#db.prepare(
      'SELECT position, failure FROM carillon_read_models WHERE name = ? AND version = ?',
    );
    const row = this.#state.get(readModel.name, readModel.version);
    return row === undefined ? undefined : toState(row as { position: number; failure: string | null });
  }

  /** What a query gets: the selecting half of Kysely, and `search`. */
  #database(readModel: AnyReadModel): QueryDatabase<any> {
    const schema = physicalSchema(readModel);
    let database = this.#databases.get(schema);
    if (database === undefined) {
      for (const [name, table] of tablesOf(readModel)) {
        const columns = new Map(Object.entries(table.columns).map(([column, { kind }]) => [column, kind]));
        this.#statements.know(`${schema}_${name}`, { name, columns });
      }
      const kysely = this.#kysely.withSchema(schema);
      database = {
        selectFrom: kysely.selectFrom.bind(kysely),
        selectNoFrom: kysely.selectNoFrom.bind(kysely),
        with: kysely.with.bind(kysely),
        withRecursive: kysely.withRecursive.bind(kysely),
        fn: kysely.fn,
        dynamic: kysely.dynamic,
        search: (table: string, text: string) => search(kysely, readModel, table, text),
      } as unknown as QueryDatabase<any>;
      this.#databases.set(schema, database);
    }
    return database;
  }
}

function search(kysely: Kysely<any>, readModel: AnyReadModel, table: string, text: string): unknown {
  const definition = readModel.tables[table];
  if (definition === undefined || !isSearchable(definition)) {
    throw new Error(
      `Table ${table} of read model ${readModel.name} cannot be searched: declare its columns as search.`,
    );
  }
  const match = matchText(text);
  if (match === undefined) {
    const everything = sql<{ relevance: number }>`(select 0.0 as "relevance")`.as('ranking');
    return kysely.selectFrom(table).innerJoin(everything, (join) => join.onTrue());
  }
  const index = searchTable(`${physicalSchema(readModel)}_${table}`);
  // `rank` is bm25 with the declared weights, best first and below 0 (https://www.sqlite.org/fts5.html#sorting_by_auxiliary_function_results).
  const ranking = sql<{ relevance: number; _row: number }>`(
    select rowid as ${sql.raw(quote(searchRowColumn))}, -rank as "relevance" from ${sql.raw(quote(index))} where ${sql.raw(quote(index))} match ${match}
  )`.as('ranking');
  return kysely
    .selectFrom(table)
    .innerJoin(ranking, (join) => join.onRef(`ranking.${searchRowColumn}`, '=', `${table}.${searchRowColumn}`));
}
