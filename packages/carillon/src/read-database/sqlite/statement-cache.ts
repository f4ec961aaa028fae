import type { ColumnKind } from '../../definitions/column.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import { toParameter } from '../query-parameter.js';
import { QueryRefusedError, ReadOnlyError } from '../read-database-errors.js';
import { toQueryError } from './sqlite-errors.js';
import { searchRowColumn } from './table-ddl.js';

/** The most prepared statements to keep. */
const maxStatements = 500;

/** Which physical table a declared one is, and what its columns hold. */
export interface KnownTable {
  readonly name: string;
  readonly columns: ReadonlyMap<string, ColumnKind>;
}

/** The tables of one read model, by their physical names. */
export type KnownTables = ReadonlyMap<string, KnownTable>;

/** A column of a result. */
interface ResultColumn {
  readonly name: string;
  /** Where it stands in the driver's rows. */
  readonly index: number;
  /** What its values are decoded as, when they come from a column that keeps them in another form. */
  readonly kind: 'boolean' | 'json' | undefined;
}

interface Prepared {
  readonly statement: SqliteStatement;
  readonly columns: readonly ResultColumn[];
}

/** Prepared selects of one connection, with what is needed to give values back as they were declared. */
export class StatementCache {
  readonly #db: Sqlite;
  readonly #known = new Map<string, KnownTable>();
  readonly #prepared = new Map<string, Prepared>();
  /** The tables that may be read now, and those that were. */
  #open: { readonly tables: KnownTables; readonly used: Set<string> } | undefined;

  constructor(db: Sqlite) {
    this.#db = db;
  }

  /** Lets selects in, from tables of one read model, until `close`. */
  open(tables: KnownTables): void {
    for (const [physicalName, table] of tables) this.#known.set(physicalName, table);
    this.#open = { tables, used: new Set() };
  }

  /** The declared names of the tables that were read since `open`. */
  close(): readonly string[] {
    const used = [...(this.#open?.used ?? [])];
    this.#open = undefined;
    return used;
  }

  /** @throws ReadOnlyError, QueryRefusedError */
  all(sql: string, parameters: readonly unknown[]): unknown[] {
    if (this.#open === undefined) {
      throw new QueryRefusedError('A select was executed after its query had ended. Await or return every select.');
    }
    this.#noteTables(sql);
    const values = parameters.map(toSqliteValue);
    try {
      const { statement, columns } = this.#prepare(sql);
      if (statement.reader) return (statement.all(values) as unknown[][]).map((row) => toObject(row, columns));
      statement.run(values);
      return [];
    } catch (error) {
      throw toQueryError(error, sql);
    }
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (prepared !== undefined) {
      // The most recently used is last, so that the first is the one to forget.
      this.#prepared.delete(sql);
    } else {
      const statement = this.#db.prepare(sql);
      // What writes is for the database to refuse. What neither reads nor writes would change the connection.
      if (statement.readonly && !statement.reader) throw new ReadOnlyError();
      prepared = statement.reader
        ? { statement: statement.raw(), columns: this.#columns(statement) }
        : { statement, columns: [] };
      const oldest = this.#prepared.keys().next();
      if (this.#prepared.size >= maxStatements && !oldest.done) this.#prepared.delete(oldest.value);
    }
    this.#prepared.set(sql, prepared);
    return prepared;
  }

  #columns(statement: SqliteStatement): ResultColumn[] {
    return statement
      .columns()
      .map(({ name, column, table }, index) => {
        const kind = table === null || column === null ? undefined : this.#known.get(table)?.columns.get(column);
        return { name, index, kind: kind === 'boolean' || kind === 'json' ? kind : undefined };
      })
      .filter(({ name }) => name !== searchRowColumn);
  }

  /** Names in the text are found even where they are not quoted; too many are better than too few. */
  #noteTables(sql: string): void {
    const { tables, used } = this.#open!;
    let isAny = false;
    for (const [physicalName, { name }] of tables) {
      if (!sql.includes(physicalName)) continue;
      used.add(name);
      isAny = true;
    }
    if (!isAny) for (const { name } of tables.values()) used.add(name);
  }
}

function toObject(values: readonly unknown[], columns: readonly ResultColumn[]): object {
  const row: { [column: string]: unknown } = {};
  for (const { name, index, kind } of columns) {
    const value = values[index];
    if (kind === undefined || value === null) row[name] = value;
    else row[name] = kind === 'boolean' ? value !== 0 : JSON.parse(value as string);
  }
  return row;
}

function toSqliteValue(value: unknown): string | number | bigint | null {
  const parameter = toParameter(value);
  return typeof parameter === 'boolean' ? Number(parameter) : parameter;
}
