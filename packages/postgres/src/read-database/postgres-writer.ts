import type { ReadModelDefinition } from 'carillon';
import {
  CheckpointMovedError,
  physicalSchema,
  ReadDatabaseError,
  type ReadDatabaseWriter,
  ReadModelChangedError,
  type ReadModelFailure,
  type ReadModelState,
  type ReadModelTransaction,
  type StoredReadModel,
  TurnQueue,
  tablesFingerprint,
  tablesOf,
} from 'carillon/adapters';
import pg from 'pg';
import type { NamedStatements } from './named-statements.js';
import { isRow, readModelsTable, tellMove, toState, type Which } from './read-model-rows.js';
import type { Sessions } from './sessions.js';
import { createTable, dropTable, physicalTable } from './table-ddl.js';
import { TableStatements } from './table-statements.js';

type AnyReadModel = ReadModelDefinition<string, any>;

interface CheckpointRow {
  readonly position: string;
  readonly fingerprint: string;
  readonly failure: string | null;
}

/** What tables are called in the database, by their declared names. */
interface TableNames {
  readonly [table: string]: string;
}

/** How the writer's transactions begin. */
export interface WriterOptions {
  readonly schema: string;
  readonly isSynchronous: boolean;
  /** How long a transaction may do nothing before the server ends it, in milliseconds. */
  readonly idleTimeoutMs: number;
}

/** The writing side of a read database in PostgreSQL. Transactions of different read models run side by side. */
export class PostgresReadDatabaseWriter implements ReadDatabaseWriter {
  readonly #sessions: Sessions;
  readonly #schema: string;
  readonly #readModels: string;
  readonly #begin: string;
  readonly #tables = new Map<string, Map<string, TableStatements>>();
  readonly #turns = new Map<string, TurnQueue>();

  constructor(sessions: Sessions, { schema, isSynchronous, idleTimeoutMs }: WriterOptions) {
    this.#sessions = sessions;
    this.#schema = schema;
    this.#readModels = readModelsTable(schema);
    this.#begin =
      `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = ${isSynchronous ? 'on' : 'off'}; ` +
      `SET LOCAL idle_in_transaction_session_timeout = ${idleTimeoutMs}`;
  }

  prepare(readModel: AnyReadModel): Promise<ReadModelState> {
    return this.#transaction(readModel, async (statements, row) => {
      let found = row;
      if (found === undefined) {
        await this.#lockNew(statements, readModel);
        found = await this.#row(statements, readModel);
      }
      if (found === undefined) {
        await this.#create(statements, readModel);
        return { position: 0, failure: undefined };
      }
      if (found.fingerprint !== tablesFingerprint(readModel)) {
        throw new ReadModelChangedError(readModel.name, readModel.version);
      }
      return toState(found.position, found.failure);
    });
  }

  state(readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    return this.#sessions.use(async (statements) => {
      const row = await this.#row(statements, readModel);
      return row === undefined ? undefined : toState(row.position, row.failure);
    });
  }

  advance(
    readModel: AnyReadModel,
    from: number,
    to: number,
    work: (transaction: ReadModelTransaction) => Promise<void> | void,
  ): Promise<void> {
    const changed = new Set<string>();
    return this.#transaction(
      readModel,
      async (statements, row) => {
        const found = Number(row?.position ?? 0);
        if (found !== from) throw new CheckpointMovedError(readModel.name, from, found);
        const tables = this.#statements(readModel);
        await work({
          load: async (table, keys) => (keys.length === 0 ? [] : tables.get(table)!.load(statements, keys)),
          find: (table, where, options) => tables.get(table)!.find(statements, where, options),
          write: async (changes) => {
            for (const one of changes) {
              await tables.get(one.table)!.write(statements, one);
              changed.add(one.table);
            }
          },
        });
      },
      () => [
        `UPDATE ${this.#readModels} SET position = ${Number(to)} WHERE ${isRow(readModel)}`,
        tellMove(this.#schema, readModel, to, [...changed]),
      ],
    );
  }

  setFailure(readModel: AnyReadModel, failure: ReadModelFailure | undefined): Promise<void> {
    const text = failure === undefined ? 'NULL' : pg.escapeLiteral(JSON.stringify(failure));
    return this.#transaction(readModel, async (statements, row) => {
      if (row === undefined) return;
      await statements.batch(
        `UPDATE ${this.#readModels} SET failure = ${text} WHERE ${isRow(readModel)}`,
        tellMove(this.#schema, readModel, Number(row.position), null),
      );
    });
  }

  reset(readModel: AnyReadModel): Promise<void> {
    return this.#transaction(readModel, async (statements, row) => {
      if (row === undefined) await this.#lockNew(statements, readModel);
      await this.#remove(statements, readModel);
      await this.#create(statements, readModel);
      await statements.batch(tellMove(this.#schema, readModel, 0, null));
    });
  }

  stored(): Promise<readonly StoredReadModel[]> {
    return this.#sessions.use(async (statements) => {
      const sql = `SELECT name, version, position, tables, failure FROM ${this.#readModels} ORDER BY name, version`;
      const { rows } = await statements.batch<CheckpointRow & { name: string; version: number; tables: string }>(sql);
      return rows.map(({ name, version, tables, position, failure }) => ({
        name,
        version,
        tables: Object.values(JSON.parse(tables) as TableNames),
        ...toState(position, failure),
      }));
    });
  }

  drop(name: string, version: number): Promise<void> {
    return this.#transaction({ name, version }, (statements) => this.#remove(statements, { name, version }));
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }

  async #create(statements: NamedStatements, readModel: AnyReadModel): Promise<void> {
    const tables = tablesOf(readModel).map(([table, definition]) => {
      return { table, physical: physicalTable(readModel, table), definition };
    });
    const names = JSON.stringify(Object.fromEntries(tables.map(({ table, physical }) => [table, physical])));
    const row = [readModel.name, tablesFingerprint(readModel), names].map(pg.escapeLiteral);
    await statements.batch(
      ...tables.flatMap(({ physical, definition }) => createTable(this.#schema, physical, definition)),
      `INSERT INTO ${this.#readModels} (name, fingerprint, tables, version, position) ` +
        `VALUES (${row.join(', ')}, ${Number(readModel.version)}, 0)`,
    );
  }

  async #remove(statements: NamedStatements, which: Which): Promise<void> {
    this.#tables.delete(physicalSchema(which));
    const sql = `DELETE FROM ${this.#readModels} WHERE ${isRow(which)} RETURNING tables`;
    const { rows } = await statements.batch<{ tables: string }>(sql);
    const names = rows.flatMap(({ tables }) => Object.values(JSON.parse(tables) as TableNames));
    if (names.length > 0) await statements.batch(...names.flatMap((physical) => dropTable(this.#schema, physical)));
  }

  async #row(statements: NamedStatements, which: Which): Promise<CheckpointRow | undefined> {
    const sql = `SELECT position, fingerprint, failure FROM ${this.#readModels} WHERE ${isRow(which)}`;
    return (await statements.batch<CheckpointRow>(sql)).rows[0];
  }

  /** There is no row yet that could be locked: one at a time makes it. */
  async #lockNew(statements: NamedStatements, which: Which): Promise<void> {
    const name = `carillon ${this.#schema} ${physicalSchema(which)}`;
    await statements.batch(`SELECT pg_advisory_xact_lock(hashtextextended(${pg.escapeLiteral(name)}, 0))`);
  }

  #statements(readModel: AnyReadModel): Map<string, TableStatements> {
    const key = physicalSchema(readModel);
    let tables = this.#tables.get(key);
    if (tables === undefined) {
      tables = new Map();
      for (const [name, definition] of tablesOf(readModel)) {
        tables.set(name, new TableStatements(this.#schema, name, physicalTable(readModel, name), definition));
      }
      this.#tables.set(key, tables);
    }
    return tables;
  }

  /** Begins with the read model's row locked, so that whoever comes second waits, and then finds it moved. */
  #transaction<T>(
    which: Which,
    work: (statements: NamedStatements, row: CheckpointRow | undefined) => Promise<T>,
    lastStatements: () => readonly string[] = () => [],
  ): Promise<T> {
    const key = physicalSchema(which);
    let turns = this.#turns.get(key);
    if (turns === undefined) this.#turns.set(key, (turns = new TurnQueue()));
    const lock = `SELECT position, fingerprint, failure FROM ${this.#readModels} WHERE ${isRow(which)} FOR UPDATE`;
    return turns.take(() =>
      this.#sessions.use(async (statements) => {
        const { rows } = await statements.batch<CheckpointRow>(this.#begin, lock);
        const result = await work(statements, rows[0]);
        const { command } = await statements.batch(...lastStatements(), 'COMMIT');
        if (command !== 'COMMIT') {
          throw new ReadDatabaseError('A statement of the transaction had failed, so that nothing of it was kept.');
        }
        return result;
      }),
    );
  }
}
