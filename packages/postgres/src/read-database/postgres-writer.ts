import type { ReadModelDefinition } from 'carillon';
import {
  BuildGoneError,
  buildOf,
  CheckpointMovedError,
  nextBuild,
  physicalSchema,
  preparedState,
  ReadDatabaseError,
  type ReadDatabaseWriter,
  type ReadModelFailure,
  ReadModelInUseError,
  type ReadModelState,
  type ReadModelTransaction,
  type StoredReadModel,
  stateOf,
  stateOfAny,
  TurnQueue,
  tablesFingerprint,
  tablesOf,
} from 'carillon/adapters';
import pg from 'pg';
import { sqlState } from '../connection/connection-errors.js';
import { quoted } from '../connection/schema-name.js';
import type { NamedStatements } from './named-statements.js';
import {
  type BuildRow,
  buildColumns,
  holdersOf,
  isRow,
  type PostgresBuild,
  readModelsTable,
  tellMove,
  toBuild,
  useLock,
  type Which,
} from './read-model-rows.js';
import type { Sessions } from './sessions.js';
import { createTable, dropTable, physicalTable } from './table-ddl.js';
import { TableStatements } from './table-statements.js';

type AnyReadModel = ReadModelDefinition<string, any>;

/** How long it is waited for those who read tables that are to be dropped, in milliseconds. */
const dropTimeoutMs = 100;

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
    return this.#change(readModel, async (statements, builds) => {
      return preparedState(readModel, builds) ?? (await this.#create(statements, readModel, builds));
    });
  }

  state(readModel: AnyReadModel): Promise<ReadModelState | undefined> {
    return this.#sessions.use(async (statements) => stateOf(readModel, await this.#builds(statements, readModel)));
  }

  advance(
    readModel: AnyReadModel,
    from: number,
    to: number,
    work: (transaction: ReadModelTransaction) => Promise<void> | void,
    build?: number,
  ): Promise<void> {
    const changed = new Set<string>();
    let last: readonly string[] = [];
    return this.#transaction(
      readModel,
      async (statements, builds) => {
        const found = buildOf(readModel, builds, build);
        if (found.position !== from) throw new CheckpointMovedError(readModel.name, from, found.position);
        const tables = this.#statements(readModel, found.build);
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
        const isServing = found.status === 'serving';
        last = [
          this.#update(readModel, found.build, `position = ${Number(to)}`),
          // How far a build has got is looked up: it is not for those who wait for a position.
          tellMove(this.#schema, readModel, isServing ? to : 0, isServing ? [...changed] : null),
        ];
      },
      () => last,
    );
  }

  setFailure(readModel: AnyReadModel, failure: ReadModelFailure | undefined, build?: number): Promise<void> {
    return this.#change(readModel, async (statements, builds) => {
      const found = buildOf(readModel, builds, build);
      if (failure !== undefined && found.position >= failure.position) {
        throw new CheckpointMovedError(readModel.name, failure.position - 1, found.position);
      }
      const text = failure === undefined ? 'NULL' : pg.escapeLiteral(JSON.stringify(failure));
      await statements.batch(this.#update(readModel, found.build, `failure = ${text}`));
    });
  }

  beginBuild(readModel: AnyReadModel): Promise<ReadModelState> {
    return this.#change(readModel, async (statements, builds) => {
      for (const one of builds) if (one.status === 'building') await this.#remove(statements, readModel, one);
      return this.#create(statements, readModel, builds);
    });
  }

  serve(readModel: AnyReadModel, build: number): Promise<boolean> {
    return this.#change(readModel, async (statements, builds) => {
      const next = buildOf(readModel, builds, build);
      if (next.status === 'serving') return true;
      const serving = builds.find(({ status }) => status === 'serving');
      if (serving !== undefined && serving.position > next.position) return false;
      await statements.batch(
        ...(serving === undefined ? [] : [this.#update(readModel, serving.build, `status = 'replaced'`)]),
        this.#update(readModel, build, `status = 'serving'`),
      );
      return true;
    });
  }

  /** Who reads them has locked them. It is not waited for that: whoever comes meanwhile would have to wait, too. */
  async dropReplaced(readModel: AnyReadModel): Promise<boolean> {
    const isReplaced = ({ status }: PostgresBuild) => status === 'replaced';
    return this.#sessions.use(async (statements) => {
      const replaced = (await this.#builds(statements, readModel)).filter(isReplaced);
      const names = replaced.flatMap(({ tables }) => Object.values(tables));
      if (replaced.length === 0) return true;
      const tables = names.map((name) => `${quoted(this.#schema)}.${quoted(name)}`).join(', ');
      const lock = names.length === 0 ? [] : [`LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`];
      try {
        await statements.batch(this.#begin, `SET LOCAL lock_timeout = ${dropTimeoutMs}`, ...lock);
        for (const one of replaced) await this.#remove(statements, readModel, one);
        await statements.batch('COMMIT');
        return true;
      } catch (error) {
        const state = sqlState((error as { cause?: unknown }).cause);
        // Somebody reads them still, or was faster.
        if (state !== '55P03' && state !== '42P01') throw error;
        await statements.batch('ROLLBACK');
        return false;
      }
    });
  }

  reset(readModel: AnyReadModel): Promise<void> {
    return this.#change(readModel, async (statements, builds) => {
      for (const one of builds) await this.#remove(statements, readModel, one);
      await this.#create(statements, readModel, builds);
    });
  }

  stored(): Promise<readonly StoredReadModel[]> {
    return this.#sessions.use(async (statements) => {
      const sql = `SELECT ${buildColumns} FROM ${this.#readModels} ORDER BY name, version, build`;
      const { rows } = await statements.batch<BuildRow>(sql);
      const versions = new Map<string, BuildRow[]>();
      for (const row of rows) {
        const key = `${row.version} ${row.name}`;
        versions.set(key, [...(versions.get(key) ?? []), row]);
      }
      return [...versions.values()].flatMap((some) => {
        const builds = some.map(toBuild);
        const state = stateOfAny(builds);
        const { name, version } = some[0]!;
        const tables = builds.flatMap((build) => Object.values(build.tables));
        return state === undefined ? [] : [{ name, version, tables, ...state }];
      });
    });
  }

  drop(name: string, version: number): Promise<void> {
    return this.#change({ name, version }, async (statements, builds) => {
      const lock = useLock(this.#schema, { name, version });
      const { rows } = await statements.batch<{ free: boolean }>(`SELECT pg_try_advisory_xact_lock(${lock}) AS free`);
      if (rows[0]?.free !== true) {
        const users = await statements.batch<{ who: string }>(holdersOf(lock));
        throw new ReadModelInUseError(name, version, stopFirst(users.rows.map(({ who }) => who)));
      }
      for (const one of builds) await this.#remove(statements, { name, version }, one);
    });
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }

  async #create(
    statements: NamedStatements,
    readModel: AnyReadModel,
    before: readonly PostgresBuild[],
  ): Promise<ReadModelState> {
    const { name, version } = readModel;
    const build = nextBuild(before);
    const tables = tablesOf(readModel).map(([table, definition]) => {
      return { table, physical: physicalTable({ name, version, build }, table), definition };
    });
    const names = JSON.stringify(Object.fromEntries(tables.map(({ table, physical }) => [table, physical])));
    const row = [name, tablesFingerprint(readModel), names].map(pg.escapeLiteral);
    await statements.batch(
      ...tables.flatMap(({ physical, definition }) => createTable(this.#schema, physical, definition)),
      `INSERT INTO ${this.#readModels} (name, fingerprint, tables, version, build, status, position) ` +
        `VALUES (${row.join(', ')}, ${Number(version)}, ${build}, 'building', 0)`,
    );
    const state = stateOf(readModel, await this.#builds(statements, readModel));
    if (state === undefined) throw new BuildGoneError(name, build);
    return state;
  }

  async #remove(
    statements: NamedStatements,
    { name, version }: Which,
    { build, tables }: PostgresBuild,
  ): Promise<void> {
    this.#tables.delete(physicalSchema({ name, version, build }));
    const sql = `DELETE FROM ${this.#readModels} WHERE ${isRow({ name, version })} AND build = ${build}`;
    await statements.batch(sql, ...Object.values(tables).flatMap((physical) => dropTable(this.#schema, physical)));
  }

  async #builds(statements: NamedStatements, which: Which, locked = ''): Promise<PostgresBuild[]> {
    const sql = `SELECT ${buildColumns} FROM ${this.#readModels} WHERE ${isRow(which)} ORDER BY build ${locked}`;
    return (await statements.batch<BuildRow>(sql)).rows.map(toBuild);
  }

  #update(which: Which, build: number, change: string): string {
    return `UPDATE ${this.#readModels} SET ${change} WHERE ${isRow(which)} AND build = ${Number(build)}`;
  }

  #statements(readModel: AnyReadModel, build: number): Map<string, TableStatements> {
    const { name, version } = readModel;
    const key = physicalSchema({ name, version, build });
    let tables = this.#tables.get(key);
    if (tables === undefined) {
      tables = new Map();
      for (const [table, definition] of tablesOf(readModel)) {
        const physical = physicalTable({ name, version, build }, table);
        tables.set(table, new TableStatements(this.#schema, table, physical, definition));
      }
      this.#tables.set(key, tables);
    }
    return tables;
  }

  /** A transaction that changes which builds there are, or how they stand: all are told to look. */
  #change<T>(which: Which, work: (statements: NamedStatements, builds: PostgresBuild[]) => Promise<T>): Promise<T> {
    return this.#transaction(
      which,
      async (statements, found) => {
        // There may be no row yet that could be locked: one at a time makes it.
        if (found.length > 0) return work(statements, found);
        const name = `carillon ${this.#schema} ${physicalSchema(which)}`;
        await statements.batch(`SELECT pg_advisory_xact_lock(hashtextextended(${pg.escapeLiteral(name)}, 0))`);
        return work(statements, await this.#builds(statements, which, 'FOR UPDATE'));
      },
      () => [tellMove(this.#schema, which, 0, null)],
    );
  }

  /** Begins with the rows of all builds locked, so that whoever comes second waits, and then finds them moved. */
  #transaction<T>(
    which: Which,
    work: (statements: NamedStatements, builds: PostgresBuild[]) => Promise<T>,
    lastStatements: () => readonly string[],
  ): Promise<T> {
    const { name, version } = which;
    const key = physicalSchema({ name, version });
    let turns = this.#turns.get(key);
    if (turns === undefined) this.#turns.set(key, (turns = new TurnQueue()));
    const lock = `SELECT ${buildColumns} FROM ${this.#readModels} WHERE ${isRow(which)} ORDER BY build FOR UPDATE`;
    return turns.take(() =>
      this.#sessions.use(async (statements) => {
        const { rows } = await statements.batch<BuildRow>(this.#begin, lock);
        const result = await work(statements, rows.map(toBuild));
        const { command } = await statements.batch(...lastStatements(), 'COMMIT');
        if (command !== 'COMMIT') {
          throw new ReadDatabaseError('A statement of the transaction had failed, so that nothing of it was kept.');
        }
        return result;
      }),
    );
  }
}

/** Who has to be stopped before a version can be dropped: they may be gone by now. */
function stopFirst(users: readonly string[]): string | undefined {
  if (users.length === 0) return undefined;
  return `These connections of processes use it: ${users.join('; ')}. Stop those processes first, then drop it.`;
}
