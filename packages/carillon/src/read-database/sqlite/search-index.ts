import type { TableDefinition } from '../../definitions/table.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import type { Cell } from '../read-database.js';
import { searchedText } from '../searched-text.js';
import { quote, searchTable } from './table-ddl.js';

/**
 * The full-text index of a table, as its rows are written. Triggers would do the same at three times the price: FTS5 writes
 * what it has gathered to disk at each of their savepoints.
 */
export class SearchIndex {
  /** The columns that are searched. */
  readonly columns: readonly string[];
  readonly #isJson: readonly boolean[];
  readonly #add: SqliteStatement;
  readonly #remove: SqliteStatement;

  constructor(db: Sqlite, physicalName: string, table: TableDefinition) {
    this.columns = Object.keys(table.search);
    this.#isJson = this.columns.map((name) => table.columns[name]!.kind === 'json');
    const index = quote(searchTable(physicalName));
    const entries = this.columns.map((_, position) => `c${position}`).join(', ');
    const marks = this.columns.map(() => '?').join(', ');
    this.#add = db.prepare(`INSERT INTO ${index} (rowid, ${entries}) VALUES (?, ${marks})`);
    this.#remove = db.prepare(`DELETE FROM ${index} WHERE rowid = ?`);
  }

  /** @param cells those of the searched columns */
  add(rowNumber: number | bigint, cells: readonly Cell[]): void {
    this.#add.run(rowNumber, ...cells.map((cell, i) => searchedText(cell, this.#isJson[i]!)));
  }

  remove(rowNumber: number): void {
    this.#remove.run(rowNumber);
  }

  replace(rowNumber: number, cells: readonly Cell[]): void {
    this.remove(rowNumber);
    this.add(rowNumber, cells);
  }
}
