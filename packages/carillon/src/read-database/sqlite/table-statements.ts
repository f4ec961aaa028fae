import type { ColumnKind } from '../../definitions/column.js';
import type { TableDefinition } from '../../definitions/table.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import type { StoredRow, TableChanges } from '../read-database.js';
import { RowExistsError } from '../read-database-errors.js';
import { decodeValue, encodeValue, type SqliteValue } from './column-values.js';
import { quote } from './table-ddl.js';

/** The prepared statements by which one table is written. */
export class TableStatements {
  readonly #db: Sqlite;
  readonly #physicalName: string;
  readonly #table: TableDefinition;
  readonly #columns: readonly (readonly [name: string, kind: ColumnKind])[];
  readonly #keyKinds: readonly ColumnKind[];
  readonly #load: SqliteStatement;
  readonly #insert: SqliteStatement;
  readonly #upsert: SqliteStatement;
  readonly #delete: SqliteStatement;
  readonly #finds = new Map<string, SqliteStatement>();

  constructor(db: Sqlite, physicalName: string, table: TableDefinition) {
    this.#db = db;
    this.#physicalName = physicalName;
    this.#table = table;
    this.#columns = Object.entries(table.columns).map(([name, column]) => [name, column.kind] as const);
    this.#keyKinds = table.key.map((name) => table.columns[name]!.kind);

    const name = quote(physicalName);
    const columns = this.#columns.map(([column]) => quote(column));
    const key = table.key.map(quote);
    const isKey = key.map((column) => `${column} = ?`).join(' AND ');
    const insert = `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    const others = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
    const replace = others.length === 0 ? 'NOTHING' : `UPDATE SET ${others.join(', ')}`;
    this.#load = db.prepare(`SELECT ${columns.join(', ')} FROM ${name} WHERE ${isKey}`).raw();
    this.#insert = db.prepare(insert);
    this.#upsert = db.prepare(`${insert} ON CONFLICT (${key.join(', ')}) DO ${replace}`);
    this.#delete = db.prepare(`DELETE FROM ${name} WHERE ${isKey}`);
  }

  load(keys: readonly (readonly unknown[])[]): StoredRow[] {
    const rows: StoredRow[] = [];
    for (const key of keys) {
      const row = this.#load.get(...this.#encodeKey(key)) as unknown[] | undefined;
      if (row !== undefined) rows.push(this.#decode(row));
    }
    return rows;
  }

  find(where: StoredRow, limit: number): StoredRow[] {
    const names = Object.keys(where);
    const shape = names.join(',');
    let statement = this.#finds.get(shape);
    if (statement === undefined) {
      const columns = this.#columns.map(([column]) => quote(column)).join(', ');
      const conditions = names.map((column) => `${quote(column)} IS ?`).join(' AND ') || '1';
      const order = this.#table.key.map(quote).join(', ');
      statement = this.#db
        .prepare(`SELECT ${columns} FROM ${quote(this.#physicalName)} WHERE ${conditions} ORDER BY ${order} LIMIT ?`)
        .raw();
      this.#finds.set(shape, statement);
    }
    const values = names.map((name) => encodeValue(this.#table.columns[name]!.kind, where[name]));
    return (statement.all(...values, limit) as unknown[][]).map((row) => this.#decode(row));
  }

  write(changes: TableChanges): void {
    for (const key of changes.deletes) this.#delete.run(...this.#encodeKey(key));
    for (const row of changes.inserts) this.#insertNew(row);
    for (const row of changes.upserts) this.#upsert.run(...this.#encode(row));
  }

  #insertNew(row: StoredRow): void {
    try {
      this.#insert.run(...this.#encode(row));
    } catch (error) {
      if (!String((error as { code?: unknown }).code).startsWith('SQLITE_CONSTRAINT')) throw error;
      const key = this.#table.key.map((name) => row[name]);
      throw new RowExistsError(this.#physicalName, key);
    }
  }

  #encode(row: StoredRow): SqliteValue[] {
    return this.#columns.map(([name, kind]) => encodeValue(kind, row[name]));
  }

  #encodeKey(key: readonly unknown[]): SqliteValue[] {
    return key.map((value, index) => encodeValue(this.#keyKinds[index]!, value));
  }

  #decode(values: readonly unknown[]): StoredRow {
    const row: { [column: string]: unknown } = {};
    for (let index = 0; index < this.#columns.length; index++) {
      const [name, kind] = this.#columns[index]!;
      row[name] = decodeValue(kind, values[index]);
    }
    return row;
  }
}
