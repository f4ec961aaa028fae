import type { Kysely } from 'kysely';
import type { QueryDatabase } from '../../definitions/query-database.js';
import type { ReadModelDefinition } from '../../definitions/read-model.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import { isSearchable, physicalSchema, tablesOf } from '../physical-schema.js';
import type { ReadDatabaseReader, ReadModelState, Snapshot } from '../read-database.js';
import { QueryRefusedError, ReadDatabaseOpenError } from '../read-database-errors.js';
import { stateOf } from '../stored-build.js';
import { TurnQueue } from '../turn-queue.js';
import { BuildReader } from './build-table.js';
import { toStorageError } from './sqlite-errors.js';
import { sqliteKysely } from './sqlite-kysely.js';
import { type KnownTable, type KnownTables, StatementCache } from './statement-cache.js';
import { searchRowColumn } from './table-ddl.js';
import { noRanking, TextSearch } from './text-search.js';

type AnyReadModel = ReadModelDefinition<string, any>;

/** How a reader shares its connection with a writer. */
export interface SharedConnection {
  readonly turns: TurnQueue;
  /** Called when a snapshot has begun, and before it ends. */
  begin(): void;
  end(): void;
}

/** The tables of one build of a read model as queries see them. */
interface KnownReadModel {
  readonly build: number;
  readonly database: QueryDatabase<any>;
  readonly tables: KnownTables;
}

/** The reading side of a read database on an open SQLite connection that cannot write. */
export class SqliteReadDatabaseReader implements ReadDatabaseReader {
  readonly #db: Sqlite;
  readonly #shared: SharedConnection | undefined;
  readonly #turns: TurnQueue;
  readonly #statements: StatementCache;
  readonly #kysely: Kysely<any>;
  readonly #begin: SqliteStatement;
  readonly #commit: SqliteStatement;
  readonly #readModels = new WeakMap<AnyReadModel, KnownReadModel>();
  #builds: BuildReader | undefined;

  constructor(db: Sqlite, shared?: SharedConnection) {
    this.#db = db;
    this.#shared = shared;
    this.#turns = shared?.turns ?? new TurnQueue();
    this.#statements = new StatementCache(db);
    this.#kysely = sqliteKysely(this.#statements);
    this.#begin = db.prepare('BEGIN');
    this.#commit = db.prepare('COMMIT');
  }

  snapshot<T>(readModel: AnyReadModel, work: (db: QueryDatabase<any>) => Promise<T> | T): Promise<Snapshot<T>> {
    return this.#turns.take(async () => {
      this.#begin.run();
      this.#shared?.begin();
      try {
        const state = this.#read(readModel);
        if (state === undefined) {
          throw new ReadDatabaseOpenError(
            `Read model ${readModel.name} version ${readModel.version} is not in the read database. Start the application.`,
          );
        }
        const { position, isServing } = state;
        const { database, tables } = this.#know(readModel, state.build);
        this.#statements.open(tables);
        const result = await work(database);
        return { result, position, isServing, tables: this.#statements.close() };
      } catch (error) {
        throw toStorageError(error);
      } finally {
        this.#statements.close();
        this.#shared?.end();
        if (this.#db.inTransaction) this.#commit.run();
      }
    });
  }

  state(readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    return this.#turns.take(() => this.#read(readModel));
  }

  close(): Promise<void> {
    return this.#turns.close(() => void this.#db.close());
  }

  #read(readModel: AnyReadModel): ReadModelState | undefined {
    this.#builds ??= new BuildReader(this.#db);
    return stateOf(readModel, this.#builds.builds(readModel));
  }

  /** What a query gets: the selecting half of Kysely, and `search`. */
  #know(readModel: AnyReadModel, build: number): KnownReadModel {
    const known = this.#readModels.get(readModel);
    if (known?.build === build) return known;
    const { name: readModelName, version } = readModel;
    const schema = physicalSchema({ name: readModelName, version, build });
    const tables = new Map<string, KnownTable>();
    for (const [name, table] of tablesOf(readModel)) {
      const columns = new Map(Object.entries(table.columns).map(([column, { kind }]) => [column, kind]));
      tables.set(`${schema}_${name}`, { name, columns });
    }
    const kysely = this.#kysely.withSchema(schema);
    const searches = new Map<string, TextSearch>();
    const search = (table: string, text: string) => {
      const definition = readModel.tables[table];
      if (definition === undefined || !isSearchable(definition)) {
        throw new QueryRefusedError(
          `Table ${table} of read model ${readModel.name} cannot be searched: declare its columns as search.`,
        );
      }
      let searching = searches.get(table);
      if (searching === undefined) searches.set(table, (searching = new TextSearch(this.#db, `${schema}_${table}`)));
      const found = searching.find(text);
      if (found === undefined)
        return kysely.selectFrom(table).innerJoin(noRanking.as('ranking'), (join) => join.onTrue());
      return kysely
        .selectFrom(table)
        .innerJoin(found.as('ranking'), (join) =>
          join.onRef(`ranking.${searchRowColumn}`, '=', `${table}.${searchRowColumn}`),
        );
    };
    const database = {
      selectFrom: kysely.selectFrom.bind(kysely),
      selectNoFrom: kysely.selectNoFrom.bind(kysely),
      with: kysely.with.bind(kysely),
      withRecursive: kysely.withRecursive.bind(kysely),
      fn: kysely.fn,
      dynamic: kysely.dynamic,
      search,
    } as unknown as QueryDatabase<any>;
    const found = { build, database, tables };
    this.#readModels.set(readModel, found);
    return found;
  }
}
