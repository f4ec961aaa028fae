import type { TableDefinition } from 'carillon';
import {
  type Cell,
  type FindOptions,
  isSearchable,
  RowExistsError,
  RowMissingError,
  type RowUpdates,
  type StoredKey,
  type StoredRow,
  type TableChanges,
} from 'carillon/adapters';
import { sqlState } from '../connection/connection-errors.js';
import { quoted } from '../connection/schema-name.js';
import { arrayText, columnType, type Decode, decodeCell, storableText } from './cells.js';
import type { NamedStatements } from './named-statements.js';
import { SearchIndex } from './search-index.js';

/** The most rows that one statement writes. */
const maxRows = 5_000;

/** One table as projections read and write it: each kind of change is one statement for all its rows. */
export class TableStatements {
  readonly #declaredName: string;
  readonly #name: string;
  readonly #table: TableDefinition;
  readonly #columns: readonly string[];
  readonly #decode: readonly Decode[];
  readonly #search: SearchIndex | undefined;

  constructor(schema: string, declaredName: string, physical: string, table: TableDefinition) {
    this.#declaredName = declaredName;
    this.#name = `${quoted(schema)}.${quoted(physical)}`;
    this.#table = table;
    this.#columns = Object.keys(table.columns);
    this.#decode = this.#columns.map((column) => decodeCell[table.columns[column]!.kind]);
    this.#search = isSearchable(table) ? new SearchIndex(schema, physical, table) : undefined;
  }

  async load(statements: NamedStatements, keys: readonly StoredKey[]): Promise<StoredRow[]> {
    const rows: StoredRow[] = [];
    const { key } = this.#table;
    const columns = this.#columns.map((name) => `t.${quoted(name)}`).join(', ');
    for (const some of parts(keys)) {
      const arrays = key.map((_, i) => arrayText(some.map((one) => one[i]!)));
      const source =
        key.length === 1
          ? `${this.#name} t WHERE t.${quoted(key[0])} = ANY($1::${this.#type(key[0])}[])`
          : `${this.#unnested(key)} JOIN ${this.#name} t ON ${this.#isKey()}`;
      rows.push(...this.#rows(await statements.run(`SELECT ${columns} FROM ${source}`, arrays)));
    }
    return rows;
  }

  async find(statements: NamedStatements, where: StoredRow, { limit, after }: FindOptions): Promise<StoredRow[]> {
    const values: (string | null)[] = [];
    const mark = (cell: Cell, column: string) => `$${values.push(parameter(cell))}::${this.#type(column)}`;
    const conditions = Object.keys(where)
      .sort()
      .map((name) => `${quoted(name)} ${where[name] === null ? 'IS NULL' : `= ${mark(where[name]!, name)}`}`);
    const key = this.#table.key.map(quoted).join(', ');
    if (after !== undefined) {
      conditions.push(`(${key}) > (${after.map((cell, i) => mark(cell, this.#table.key[i])).join(', ')})`);
    }
    const condition = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const limited = `LIMIT $${values.push(String(limit))}::bigint`;
    const sql = `SELECT ${this.#columns.map(quoted).join(', ')} FROM ${this.#name}${condition} ORDER BY ${key} ${limited}`;
    return this.#rows(await statements.run(sql, values));
  }

  async write(statements: NamedStatements, { inserts, upserts, updates, deletes }: TableChanges): Promise<void> {
    for (const some of parts(deletes)) await this.#delete(statements, some);
    for (const { columns, rows } of updates) {
      for (const some of parts(rows)) await this.#update(statements, { columns, rows: some });
    }
    for (const some of parts(inserts)) await this.#insert(statements, some);
    for (const some of parts(upserts)) await this.#upsert(statements, some);
  }

  async #insert(statements: NamedStatements, rows: readonly StoredRow[]): Promise<void> {
    try {
      await statements.run(this.#insertSql(), this.#arrays(this.#columns, rows));
    } catch (error) {
      if (sqlState(error) !== '23505') throw error;
      throw new RowExistsError(this.#declaredName, this.#conflicting(error, rows));
    }
    await this.#search?.put(statements, rows, true);
  }

  async #upsert(statements: NamedStatements, rows: readonly StoredRow[]): Promise<void> {
    const others = this.#columns.filter((name) => !this.#table.key.includes(name));
    const replace = others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ');
    const resolution = others.length === 0 ? 'NOTHING' : `UPDATE SET ${replace}`;
    const key = this.#table.key.map(quoted).join(', ');
    const sql = `${this.#insertSql()} ON CONFLICT (${key}) DO ${resolution}`;
    await statements.run(sql, this.#arrays(this.#columns, rows));
    await this.#search?.put(statements, rows, false);
  }

  async #update(statements: NamedStatements, { columns, rows }: RowUpdates): Promise<void> {
    const names = [...this.#table.key, ...columns];
    const set = columns.map((name) => `${quoted(name)} = u.${quoted(name)}`).join(', ');
    const sql = `UPDATE ${this.#name} t SET ${set} FROM ${this.#unnested(names)} WHERE ${this.#isKey()}`;
    const { rowCount } = await statements.run(sql, this.#arrays(names, rows));
    const keys = rows.map((row) => this.#keyOf(row));
    if (rowCount !== rows.length) throw new RowMissingError(this.#declaredName, await this.#missing(statements, keys));
    // The rows may have come without the searched columns that did not change.
    if (this.#search?.columns.some((name) => columns.includes(name))) {
      await this.#search.put(statements, await this.load(statements, keys), false);
    }
  }

  async #delete(statements: NamedStatements, keys: readonly StoredKey[]): Promise<void> {
    const { key } = this.#table;
    const sql = `DELETE FROM ${this.#name} t USING ${this.#unnested(key)} WHERE ${this.#isKey()}`;
    await statements.run(
      sql,
      key.map((_, i) => arrayText(keys.map((one) => one[i]!))),
    );
    await this.#search?.remove(statements, keys);
  }

  /** Of rows that could not be inserted, the key that was there: PostgreSQL names it in words. */
  #conflicting(error: unknown, rows: readonly StoredRow[]): StoredKey {
    const detail = String((error as { detail?: unknown }).detail);
    const keys = rows.map((row) => this.#keyOf(row));
    const said = (key: StoredKey) =>
      `=(${key.map((cell) => (typeof cell === 'boolean' ? (cell ? 't' : 'f') : cell)).join(', ')})`;
    return keys.find((key) => detail.includes(said(key))) ?? keys[0]!;
  }

  async #missing(statements: NamedStatements, keys: readonly StoredKey[]): Promise<StoredKey> {
    const there = new Set((await this.load(statements, keys)).map((row) => JSON.stringify(this.#keyOf(row))));
    return keys.find((key) => !there.has(JSON.stringify(key))) ?? keys[0]!;
  }

  #keyOf(row: StoredRow): StoredKey {
    return this.#table.key.map((name) => row[name]!);
  }

  #type(column: string): string {
    return columnType[this.#table.columns[column]!.kind];
  }

  #insertSql(): string {
    const names = this.#columns.map(quoted).join(', ');
    return `INSERT INTO ${this.#name} (${names}) SELECT * FROM ${this.#unnested(this.#columns)}`;
  }

  #unnested(names: readonly string[]): string {
    const arrays = names.map((name, i) => `$${i + 1}::${this.#type(name)}[]`);
    return `unnest(${arrays.join(', ')}) AS u(${names.map(quoted).join(', ')})`;
  }

  #isKey(): string {
    return this.#table.key.map((name) => `t.${quoted(name)} = u.${quoted(name)}`).join(' AND ');
  }

  #arrays(names: readonly string[], rows: readonly StoredRow[]): string[] {
    return names.map((name) => arrayText(rows.map((row) => row[name]!)));
  }

  #rows({ rows }: { readonly rows: readonly (string | null)[][] }): StoredRow[] {
    return rows.map((texts) => {
      const row: { [column: string]: Cell } = {};
      for (let i = 0; i < texts.length; i++) {
        const text = texts[i]!;
        row[this.#columns[i]!] = text === null ? null : this.#decode[i]!(text);
      }
      return row;
    });
  }
}

function parameter(cell: Cell): string | null {
  return cell === null ? null : typeof cell === 'string' ? storableText(cell) : String(cell);
}

function* parts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += maxRows) yield all.slice(start, start + maxRows);
}
