import type { ColumnKind } from '../../definitions/column.js';
import { CarillonError } from '../../definitions/errors.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import { decodeValue, type SqliteValue } from './column-values.js';
import { searchRowColumn } from './table-ddl.js';

/** The most prepared statements to keep. */
const maxStatements = 500;

/** Which physical table a declared one is, and what its columns hold. */
export interface KnownTable {
  readonly name: string;
  readonly columns: ReadonlyMap<string, ColumnKind>;
}

interface Prepared {
  readonly statement: SqliteStatement;
  /** Columns of the result whose values are kept in another form, or are not shown (undefined). */
  readonly conversions: readonly (readonly [column: string, kind: ColumnKind | undefined])[];
  /** The physical tables that it reads. */
  readonly tables: readonly string[];
}

/** Prepared selects of one connection, with what is needed to give values back as they were declared. */
export class StatementCache {
  readonly #db: Sqlite;
  readonly #known = new Map<string, KnownTable>();
  readonly #prepared = new Map<string, Prepared>();
  #used = new Set<string>();

  constructor(db: Sqlite) {
    this.#db = db;
  }

  /** Says what a physical table's columns hold. */
  know(physicalName: string, table: KnownTable): void {
    this.#known.set(physicalName, table);
  }

  /** The declared names of the tables read since the last call. */
  takeUsedTables(): string[] {
    const used = this.#used;
    this.#used = new Set();
    return [...used];
  }

  /** @throws CarillonError `query-not-read-only`, `query-parameter-unusable` */
  all(sql: string, parameters: readonly unknown[]): unknown[] {
    const prepared = this.#prepare(sql);
    for (const table of prepared.tables) this.#used.add(table);
    const rows = prepared.statement.all(...parameters.map(toSqliteValue)) as { [column: string]: unknown }[];
    if (prepared.conversions.length > 0) {
      for (const row of rows) {
        for (const [column, kind] of prepared.conversions) {
          if (kind === undefined) delete row[column];
          else row[column] = decodeValue(kind, row[column]);
        }
      }
    }
    return rows;
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (prepared !== undefined) {
      // The most recently used is last, so that the first is the one to forget.
      this.#prepared.delete(sql);
    } else {
      const statement = this.#db.prepare(sql);
      if (!statement.reader || !statement.readonly) {
        throw new CarillonError('query-not-read-only', 'A query may only read: its statement would write.');
      }
      prepared = { statement, conversions: this.#conversions(statement), tables: this.#tables(sql) };
      const oldest = this.#prepared.keys().next();
      if (this.#prepared.size >= maxStatements && !oldest.done) this.#prepared.delete(oldest.value);
    }
    this.#prepared.set(sql, prepared);
    return prepared;
  }

  #conversions(statement: SqliteStatement): Prepared['conversions'] {
    const conversions: [string, ColumnKind | undefined][] = [];
    for (const { name, column, table } of statement.columns()) {
      const known = table === null ? undefined : this.#known.get(table);
      if (known === undefined || column === null) continue;
      const kind = known.columns.get(column);
      if (column === searchRowColumn) conversions.push([name, undefined]);
      else if (kind === 'boolean' || kind === 'json') conversions.push([name, kind]);
    }
    return conversions;
  }

  #tables(sql: string): string[] {
    const tables: string[] = [];
    for (const [physicalName, { name }] of this.#known) if (sql.includes(`"${physicalName}"`)) tables.push(name);
    return tables;
  }
}

function toSqliteValue(value: unknown): SqliteValue {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)) {
    return JSON.stringify(value);
  }
  throw new CarillonError(
    'query-parameter-unusable',
    `A query compares with ${value === undefined ? 'undefined' : `a ${typeof value} (${String(value)})`}, which no column holds. ` +
      'Use text, numbers, booleans, null, or what survives JSON.',
  );
}
