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
import { CheckpointMovedError, ReadModelChangedError } from '../read-database-errors.js';
import { TurnQueue } from '../turn-queue.js';
import { toStorageError } from './sqlite-errors.js';
import { checkNames, createTable, dropTable } from './table-ddl.js';
import { TableStatements } from './table-statements.js';

type AnyReadModel = ReadModelDefinition<string, any>;

interface CheckpointRow {
  readonly position: number;
  readonly fingerprint: string;
  readonly failure: string | null;
}

/** The writing side of a read database on an open SQLite connection. It has the connection for itself. */
export class SqliteReadDatabaseWriter implements ReadDatabaseWriter {
  readonly #db: Sqlite;
  readonly #tables = new Map<string, Map<string, TableStatements>>();
  readonly #begin: SqliteStatement;
  readonly #commit: SqliteStatement;
  readonly #rollback: SqliteStatement;
  readonly #checkpoint: SqliteStatement;
  readonly #move: SqliteStatement;
  readonly #turns: TurnQueue;

  /** @param turns where transactions wait for one another: those of one connection cannot overlap */
  constructor(db: Sqlite, turns = new TurnQueue()) {
    this.#db = db;
    this.#turns = turns;
    db.exec(`CREATE TABLE IF NOT EXISTS carillon_read_models (
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      position INTEGER NOT NULL,
      fingerprint TEXT NOT NULL,
      tables TEXT NOT NULL,
      failure TEXT,
      PRIMARY KEY (name, version)
    ) STRICT, WITHOUT ROWID`);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
    this.#checkpoint = db.prepare(
      'SELECT position, fingerprint, failure FROM carillon_read_models WHERE name = ? AND version = ?',
    );
    this.#move = db.prepare('UPDATE carillon_read_models SET position = ? WHERE name = ? AND version = ?');
  }

  prepare(readModel: AnyReadModel): Promise<ReadModelState> {
    return this.#transaction(() => {
      const row = this.#row(readModel);
      if (row === undefined) {
        this.#create(readModel);
        return { position: 0, failure: undefined };
      }
      if (row.fingerprint !== tablesFingerprint(readModel)) {
        throw new ReadModelChangedError(readModel.name, readModel.version);
      }
      return toState(row);
    });
  }

  state(readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    return this.#turns.take(() => {
      const row = this.#row(readModel);
      return row === undefined ? undefined : toState(row);
    });
  }

  advance(
    readModel: AnyReadModel,
    from: number,
    to: number,
    work: (transaction: ReadModelTransaction) => Promise<void> | void,
  ): Promise<void> {
    return this.#transaction(async () => {
      const found = this.#row(readModel)?.position ?? 0;
      if (found !== from) throw new CheckpointMovedError(readModel.name, from, found);
      const tables = this.#statements(readModel);
      const working = work({
        load: (table, keys) => tables.get(table)!.load(keys),
        find: (table, where, options) => tables.get(table)!.find(where, options),
        write: (changes) => {
          for (const one of changes) tables.get(one.table)!.write(one);
        },
      });
      if (working instanceof Promise) await working;
      this.#move.run(to, readModel.name, readModel.version);
    });
  }

  setFailure(readModel: AnyReadModel, failure: ReadModelFailure | undefined): Promise<void> {
    return this.#transaction(() => {
      this.#db
        .prepare('UPDATE carillon_read_models SET failure = ? WHERE name = ? AND version = ?')
        .run(failure === undefined ? null : JSON.stringify(failure), readModel.name, readModel.version);
    });
  }

  reset(readModel: AnyReadModel): Promise<void> {
    return this.#transaction(() => {
      this.#remove(readModel.name, readModel.version);
      this.#create(readModel);
    });
  }

  stored(): Promise<readonly StoredReadModel[]> {
    return this.#transaction(() => {
      const rows = this.#db.prepare('SELECT * FROM carillon_read_models ORDER BY name, version').all() as StoredRow[];
      return rows.map(({ name, version, tables, ...row }) => ({
        name,
        version,
        tables: JSON.parse(tables) as string[],
        ...toState(row),
      }));
    });
  }

  drop(name: string, version: number): Promise<void> {
    return this.#transaction(() => this.#remove(name, version));
  }

  close(): Promise<void> {
    return this.#turns.close(() => void this.#db.close());
  }

  #create(readModel: AnyReadModel): void {
    const { name, version } = readModel;
    const tables = tablesOf(readModel).map(([table, definition]) => ({
      physical: physicalTable(readModel, table),
      definition,
    }));
    checkNames('tables', Object.keys(readModel.tables));
    for (const { physical, definition } of tables) {
      for (const statement of createTable(physical, definition)) this.#db.exec(statement);
    }
    const names = JSON.stringify(tables.map(({ physical }) => physical));
    this.#db
      .prepare('INSERT INTO carillon_read_models (name, version, position, fingerprint, tables) VALUES (?, ?, 0, ?, ?)')
      .run(name, version, tablesFingerprint(readModel), names);
  }

  #remove(name: string, version: number): void {
    this.#tables.delete(physicalSchema({ name, version }));
    const names = this.#db
      .prepare('DELETE FROM carillon_read_models WHERE name = ? AND version = ? RETURNING tables')
      .pluck()
      .get(name, version) as string | undefined;
    for (const physical of JSON.parse(names ?? '[]') as string[]) {
      for (const statement of dropTable(physical)) this.#db.exec(statement);
    }
  }

  #row(readModel: AnyReadModel): CheckpointRow | undefined {
    return this.#checkpoint.get(readModel.name, readModel.version) as CheckpointRow | undefined;
  }

  #statements(readModel: AnyReadModel): Map<string, TableStatements> {
    const schema = physicalSchema(readModel);
    let tables = this.#tables.get(schema);
    if (tables === undefined) {
      tables = new Map();
      for (const [name, definition] of tablesOf(readModel)) {
        tables.set(name, new TableStatements(this.#db, name, physicalTable(readModel, name), definition));
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

interface StoredRow {
  readonly name: string;
  readonly version: number;
  readonly position: number;
  readonly tables: string;
  readonly failure: string | null;
}

function physicalTable(readModel: AnyReadModel, table: string): string {
  return `${physicalSchema(readModel)}_${table}`;
}

/** Where a read model stands, from its checkpoint. */
export function toState(row: { readonly position: number; readonly failure: string | null }): ReadModelState {
  return {
    position: row.position,
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as ReadModelFailure),
  };
}
