import type { TableDefinition } from '../../definitions/table.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import { isSearchable } from '../physical-schema.js';
import type { Cell, FindOptions, RowUpdates, StoredKey, StoredRow, TableChanges } from '../read-database.js';
import { RowExistsError, RowMissingError } from '../read-database-errors.js';
import { SearchIndex } from './search-index.js';
import { quote, searchRowColumn } from './table-ddl.js';

type SqliteValue = string | number | null;

/** How many rows are loaded by one statement: of many together, SQLite finds each in a third of the time. */
const keysPerLoad = [100, 10, 1] as const;

/** How many statements are kept: one for each set of columns that change together, and some more. */
const maxStatements = 200;

/** One table as projections read and write it, by prepared statements. */
export class TableStatements {
  readonly #db: Sqlite;
  readonly #declaredName: string;
  readonly #name: string;
  readonly #columns: readonly string[];
  readonly #booleans: readonly string[];
  readonly #key: readonly string[];
  readonly #isKey: string;
  readonly #search: SearchIndex | undefined;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(db: Sqlite, declaredName: string, physicalName: string, table: TableDefinition) {
    this.#db = db;
    this.#declaredName = declaredName;
    this.#name = quote(physicalName);
    this.#columns = Object.keys(table.columns);
    this.#booleans = this.#columns.filter((column) => table.columns[column]!.kind === 'boolean');
    this.#key = table.key;
    this.#isKey = equalities(table.key).join(' AND ');
    this.#search = isSearchable(table) ? new SearchIndex(db, physicalName, table) : undefined;
  }

  load(keys: readonly StoredKey[]): StoredRow[] {
    const rows: StoredRow[] = [];
    let start = 0;
    for (const size of keysPerLoad) {
      const statement = keys.length - start >= size ? this.#prepare(this.#loadSql(size)) : undefined;
      for (; statement !== undefined && keys.length - start >= size; start += size) {
        const values: SqliteValue[] = [];
        for (let i = start; i < start + size; i++) for (const cell of keys[i]!) values.push(toValue(cell));
        for (const cells of statement.all(values) as Cell[][]) rows.push(this.#decode(cells));
      }
    }
    return rows;
  }

  find(where: StoredRow, { limit, after }: FindOptions): StoredRow[] {
    const names = Object.keys(where).sort();
    const conditions = names.map((name) => `${quote(name)} ${where[name] === null ? 'IS' : '='} ?`);
    const values = names.map((name) => toValue(where[name]!));
    const key = list(this.#key);
    if (after !== undefined) {
      conditions.push(`(${key}) > (${marks(this.#key.length)})`);
      values.push(...after.map(toValue));
    }
    const condition = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const sql = `SELECT ${list(this.#columns)} FROM ${this.#name}${condition} ORDER BY ${key} LIMIT ?`;
    const rows = this.#prepare(sql).all(...values, limit) as Cell[][];
    return rows.map((cells) => this.#decode(cells));
  }

  write({ inserts, upserts, updates, deletes }: TableChanges): void {
    if (deletes.length > 0) this.#delete(deletes);
    for (const update of updates) this.#update(update);
    if (inserts.length > 0) this.#insert(inserts);
    if (upserts.length > 0) this.#upsert(upserts);
  }

  #insert(rows: readonly StoredRow[]): void {
    const statement = this.#prepare(this.#insertSql());
    for (const row of rows) {
      try {
        const { lastInsertRowid } = statement.run(valuesOf(row, this.#columns));
        if (this.#search !== undefined) this.#search.add(lastInsertRowid, cellsOf(row, this.#search.columns));
      } catch (error) {
        if (!isKeyConflict(error)) throw error;
        throw new RowExistsError(this.#declaredName, this.#keyOf(row));
      }
    }
  }

  #upsert(rows: readonly StoredRow[]): void {
    const others = this.#columns.filter((name) => !this.#key.includes(name));
    const replace = others.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ');
    const resolution = others.length === 0 ? 'NOTHING' : `UPDATE SET ${replace}`;
    const statement = this.#prepare(`${this.#insertSql()} ON CONFLICT (${list(this.#key)}) DO ${resolution}`);
    for (const row of rows) {
      const entry = this.#search === undefined ? undefined : this.#entry(this.#keyOf(row), this.#search);
      const { lastInsertRowid } = statement.run(valuesOf(row, this.#columns));
      if (this.#search === undefined) continue;
      const cells = cellsOf(row, this.#search.columns);
      if (entry === undefined) this.#search.add(lastInsertRowid, cells);
      else if (cells.some((cell, i) => cell !== entry.cells[i])) this.#search.replace(entry.rowNumber, cells);
    }
  }

  #update({ columns, rows }: RowUpdates): void {
    const changes = equalities(columns).join(', ');
    const statement = this.#prepare(`UPDATE ${this.#name} SET ${changes} WHERE ${this.#isKey}`);
    const search = this.#search?.columns.some((name) => columns.includes(name)) ? this.#search : undefined;
    const names = [...columns, ...this.#key];
    for (const row of rows) {
      if (statement.run(valuesOf(row, names)).changes === 0) {
        throw new RowMissingError(this.#declaredName, this.#keyOf(row));
      }
      if (search === undefined) continue;
      // The row may have come without the searched columns that did not change.
      const { rowNumber, cells } = this.#entry(this.#keyOf(row), search)!;
      search.replace(rowNumber, cells);
    }
  }

  #delete(keys: readonly StoredKey[]): void {
    const statement = this.#prepare(`DELETE FROM ${this.#name} WHERE ${this.#isKey}`);
    for (const key of keys) {
      const entry = this.#search === undefined ? undefined : this.#entry(key, this.#search);
      statement.run(key.map(toValue));
      if (entry !== undefined) this.#search!.remove(entry.rowNumber);
    }
  }

  /** What the search index was told of a row, as it is now. */
  #entry(key: StoredKey, { columns }: SearchIndex): { rowNumber: number; cells: readonly Cell[] } | undefined {
    const wanted = list([searchRowColumn, ...columns]);
    const statement = this.#prepare(`SELECT ${wanted} FROM ${this.#name} WHERE ${this.#isKey}`);
    const found = statement.get(key.map(toValue)) as [number, ...Cell[]] | undefined;
    return found === undefined ? undefined : { rowNumber: found[0], cells: found.slice(1) };
  }

  #keyOf(row: StoredRow): StoredKey {
    return this.#key.map((name) => row[name]!);
  }

  #insertSql(): string {
    return `INSERT INTO ${this.#name} (${list(this.#columns)}) VALUES (${marks(this.#columns.length)})`;
  }

  #loadSql(count: number): string {
    const isSingle = this.#key.length === 1;
    const keys = Array(count).fill(isSingle ? '?' : `(${marks(this.#key.length)})`);
    const wanted = isSingle ? keys.join(', ') : `VALUES ${keys.join(', ')}`;
    return `SELECT ${list(this.#columns)} FROM ${this.#name} WHERE (${list(this.#key)}) IN (${wanted})`;
  }

  #decode(cells: readonly Cell[]): StoredRow {
    const row: { [column: string]: Cell } = {};
    for (let i = 0; i < this.#columns.length; i++) row[this.#columns[i]!] = cells[i]!;
    for (const name of this.#booleans) if (row[name] !== null) row[name] = row[name] !== 0;
    return row;
  }

  #prepare(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql);
    if (statement !== undefined) return statement;
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    statement = this.#db.prepare(sql);
    // Rows as lists are made into objects faster here than in the driver.
    if (statement.reader) statement.raw();
    this.#statements.set(sql, statement);
    return statement;
  }
}

function valuesOf(row: StoredRow, names: readonly string[]): SqliteValue[] {
  const values = new Array<SqliteValue>(names.length);
  for (let i = 0; i < names.length; i++) values[i] = toValue(row[names[i]!]!);
  return values;
}

function cellsOf(row: StoredRow, names: readonly string[]): Cell[] {
  return names.map((name) => row[name]!);
}

function toValue(cell: Cell): SqliteValue {
  return typeof cell === 'boolean' ? Number(cell) : cell;
}

function isKeyConflict(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code);
  return code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE';
}

function list(names: readonly string[]): string {
  return names.map(quote).join(', ');
}

function equalities(names: readonly string[]): string[] {
  return names.map((name) => `${quote(name)} = ?`);
}

function marks(count: number): string {
  return Array(count).fill('?').join(', ');
}
