import type { ReadModelDefinition } from '../../definitions/read-model.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import { physicalSchema, tablesFingerprint, tablesOf } from '../physical-schema.js';
import type { ReadDatabaseWriter, ReadModelFailure, ReadModelState, ReadModelTransaction } from '../read-database.js';
import { CheckpointMovedError, ReadModelChangedError } from '../read-database-errors.js';
import { createTable, dropTable } from './table-ddl.js';
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
  /** Transactions of one connection cannot overlap: each waits for the one before. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(db: Sqlite) {
    this.#db = db;
    db.exec(`CREATE TABLE IF NOT EXISTS carillon_read_models (
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      position INTEGER NOT NULL,
      fingerprint TEXT NOT NULL,
      failure TEXT,
      PRIMARY KEY (name, version)
    ) WITHOUT ROWID`);
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

  async state(readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    const row = this.#row(readModel);
    return row === undefined ? undefined : toState(row);
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
      this.#tables.delete(physicalSchema(readModel));
      for (const table of Object.keys(readModel.tables)) {
        for (const statement of dropTable(`${physicalSchema(readModel)}_${table}`)) this.#db.exec(statement);
      }
      this.#db
        .prepare('DELETE FROM carillon_read_models WHERE name = ? AND version = ?')
        .run(readModel.name, readModel.version);
      this.#create(readModel);
    });
  }

  async close(): Promise<void> {
    await this.#last;
    this.#db.close();
  }

  #create(readModel: AnyReadModel): void {
    for (const [table, definition] of tablesOf(readModel)) {
      for (const statement of createTable(`${physicalSchema(readModel)}_${table}`, definition))
        this.#db.exec(statement);
    }
    this.#db
      .prepare('INSERT INTO carillon_read_models (name, version, position, fingerprint) VALUES (?, ?, 0, ?)')
      .run(readModel.name, readModel.version, tablesFingerprint(readModel));
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
        tables.set(name, new TableStatements(this.#db, `${schema}_${name}`, definition));
      }
      this.#tables.set(schema, tables);
    }
    return tables;
  }

  #transaction<T>(work: () => T | Promise<T>): Promise<T> {
    const mine = this.#last.then(async () => {
      this.#begin.run();
      try {
        const result = await work();
        this.#commit.run();
        return result;
      } catch (error) {
        // A failed COMMIT may have rolled back already.
        if (this.#db.inTransaction) this.#rollback.run();
        throw error;
      }
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** Where a read model stands, from its checkpoint. */
export function toState(row: { readonly position: number; readonly failure: string | null }): ReadModelState {
  return {
    position: row.position,
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as ReadModelFailure),
  };
}
