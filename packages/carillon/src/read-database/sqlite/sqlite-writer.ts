import type { ReadModelDefinition } from '../../definitions/read-model.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import { physicalSchema, tablesFingerprint, tablesOf } from '../physical-schema.js';
import type {
  ReadDatabaseWriter,
  ReadModelFailure,
  ReadModelState,
  ReadModelTransaction,
  StoredReadModel,
} from '../read-database.js';
import { BuildGoneError, CheckpointMovedError } from '../read-database-errors.js';
import { buildOf, nextBuild, preparedState, stateOf, stateOfAny } from '../stored-build.js';
import { TurnQueue } from '../turn-queue.js';
import { BuildTable, createBuildTable, type SqliteBuild, type Which } from './build-table.js';
import { toStorageError } from './sqlite-errors.js';
import { checkNames, createTable, dropTable } from './table-ddl.js';
import { TableStatements } from './table-statements.js';

type AnyReadModel = ReadModelDefinition<string, any>;

/** The writing side of a read database on an open SQLite connection. It has the connection for itself. */
export class SqliteReadDatabaseWriter implements ReadDatabaseWriter {
  readonly #db: Sqlite;
  readonly #tables = new Map<string, Map<string, TableStatements>>();
  readonly #begin: SqliteStatement;
  readonly #commit: SqliteStatement;
  readonly #rollback: SqliteStatement;
  readonly #builds: BuildTable;
  readonly #turns: TurnQueue;

  /** @param turns where transactions wait for one another: those of one connection cannot overlap */
  constructor(db: Sqlite, turns = new TurnQueue()) {
    this.#db = db;
    this.#turns = turns;
    createBuildTable(db);
    this.#builds = new BuildTable(db);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
  }

  prepare(readModel: AnyReadModel): Promise<ReadModelState> {
    return this.#transaction(() => preparedState(readModel, this.#builds.builds(readModel)) ?? this.#create(readModel));
  }

  state(readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    return this.#turns.take(() => stateOf(readModel, this.#builds.builds(readModel)));
  }

  advance(
    readModel: AnyReadModel,
    from: number,
    to: number,
    work: (transaction: ReadModelTransaction) => Promise<void> | void,
    build?: number,
  ): Promise<void> {
    return this.#transaction(async () => {
      const found = buildOf(readModel, this.#builds.builds(readModel), build);
      if (found.position !== from) throw new CheckpointMovedError(readModel.name, from, found.position);
      const tables = this.#statements(readModel, found.build);
      const working = work({
        load: (table, keys) => tables.get(table)!.load(keys),
        find: (table, where, options) => tables.get(table)!.find(where, options),
        write: (changes) => {
          for (const one of changes) tables.get(one.table)!.write(one);
        },
      });
      if (working instanceof Promise) await working;
      this.#builds.move(readModel, found.build, to);
    });
  }

  setFailure(readModel: AnyReadModel, failure: ReadModelFailure | undefined, build?: number): Promise<void> {
    return this.#transaction(() => {
      const found = buildOf(readModel, this.#builds.builds(readModel), build);
      if (failure !== undefined && found.position >= failure.position) {
        throw new CheckpointMovedError(readModel.name, failure.position - 1, found.position);
      }
      this.#builds.fail(readModel, found.build, failure);
    });
  }

  beginBuild(readModel: AnyReadModel): Promise<ReadModelState> {
    return this.#transaction(() => {
      const builds = this.#builds.builds(readModel);
      for (const build of builds) if (build.status === 'building') this.#remove(readModel, build);
      return this.#create(readModel, nextBuild(builds));
    });
  }

  serve(readModel: AnyReadModel, build: number): Promise<boolean> {
    return this.#transaction(() => {
      const builds = this.#builds.builds(readModel);
      const next = buildOf(readModel, builds, build);
      if (next.status === 'serving') return true;
      const serving = builds.find(({ status }) => status === 'serving');
      if (serving !== undefined && serving.position > next.position) return false;
      if (serving !== undefined) this.#builds.change(readModel, serving.build, 'replaced');
      this.#builds.change(readModel, build, 'serving');
      return true;
    });
  }

  /** Whoever reads them still has a snapshot, which keeps them. */
  dropReplaced(readModel: AnyReadModel): Promise<boolean> {
    return this.#transaction(() => {
      const replaced = this.#builds.builds(readModel).filter(({ status }) => status === 'replaced');
      for (const build of replaced) this.#remove(readModel, build);
      return true;
    });
  }

  reset(readModel: AnyReadModel): Promise<void> {
    return this.#transaction(() => {
      const builds = this.#builds.builds(readModel);
      for (const build of builds) this.#remove(readModel, build);
      this.#create(readModel, nextBuild(builds));
    });
  }

  stored(): Promise<readonly StoredReadModel[]> {
    return this.#transaction(() =>
      this.#builds.versions().flatMap(({ which: { name, version }, builds }) => {
        const state = stateOfAny(builds);
        return state === undefined ? [] : [{ name, version, tables: builds.flatMap(({ tables }) => tables), ...state }];
      }),
    );
  }

  drop(name: string, version: number): Promise<void> {
    return this.#transaction(() => {
      for (const build of this.#builds.builds({ name, version })) this.#remove({ name, version }, build);
    });
  }

  close(): Promise<void> {
    return this.#turns.close(() => void this.#db.close());
  }

  #create(readModel: AnyReadModel, build = 1): ReadModelState {
    const { name, version } = readModel;
    const tables = tablesOf(readModel).map(([table, definition]) => ({
      physical: physicalTable(readModel, build, table),
      definition,
    }));
    checkNames('tables', Object.keys(readModel.tables));
    for (const { physical, definition } of tables) {
      for (const statement of createTable(physical, definition)) this.#db.exec(statement);
    }
    const names = tables.map(({ physical }) => physical);
    this.#builds.insert({ name, version }, build, tablesFingerprint(readModel), names);
    const state = stateOf(readModel, this.#builds.builds(readModel));
    if (state === undefined) throw new BuildGoneError(name, build);
    return state;
  }

  #remove({ name, version }: Which, { build, tables }: SqliteBuild): void {
    this.#tables.delete(physicalSchema({ name, version, build }));
    this.#builds.remove({ name, version }, build);
    for (const physical of tables) {
      for (const statement of dropTable(physical)) this.#db.exec(statement);
    }
  }

  #statements(readModel: AnyReadModel, build: number): Map<string, TableStatements> {
    const { name, version } = readModel;
    const schema = physicalSchema({ name, version, build });
    let tables = this.#tables.get(schema);
    if (tables === undefined) {
      tables = new Map();
      for (const [table, definition] of tablesOf(readModel)) {
        tables.set(table, new TableStatements(this.#db, table, physicalTable(readModel, build, table), definition));
      }
      this.#tables.set(schema, tables);
    }
    return tables;
  }

  #transaction<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      try {
        this.#begin.run();
        let result = work();
        if (result instanceof Promise) result = await result;
        this.#commit.run();
        return result;
      } catch (error) {
        // A failed COMMIT may have rolled back already.
        if (this.#db.inTransaction) this.#rollback.run();
        throw toStorageError(error);
      }
    });
  }
}

function physicalTable({ name, version }: Which, build: number, table: string): string {
  return `${physicalSchema({ name, version, build })}_${table}`;
}
