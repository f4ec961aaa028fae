import type { TableDefinition } from 'carillon';
import { type Cell, foldWord, indexWords, type StoredKey, type StoredRow, searchedText } from 'carillon/adapters';
import { quoted } from '../connection/schema-name.js';
import { arrayText, columnType } from './cells.js';
import type { NamedStatements } from './named-statements.js';
import { searchKeyColumn, searchTable, wordTable } from './table-ddl.js';
import { wordVector } from './word-vector.js';

/** The full-text index of a table, as its rows are written: which words are in which row, and every word. */
export class SearchIndex {
  /** The columns that are searched. */
  readonly columns: readonly string[];
  readonly #table: TableDefinition;
  readonly #search: string;
  readonly #words: string;
  readonly #isKey: string;
  readonly #keyTypes: readonly string[];
  readonly #keyNames: string;

  constructor(schema: string, physical: string, table: TableDefinition) {
    this.columns = Object.keys(table.search);
    this.#table = table;
    this.#search = `${quoted(schema)}.${quoted(searchTable(physical))}`;
    this.#words = `${quoted(schema)}.${quoted(wordTable(physical))}`;
    this.#keyTypes = table.key.map((column) => columnType[table.columns[column]!.kind]);
    this.#keyNames = table.key.map((_, i) => quoted(searchKeyColumn(i))).join(', ');
    this.#isKey = table.key.map((_, i) => `s.${quoted(searchKeyColumn(i))} = u.k${i}`).join(' AND ');
  }

  /** Puts rows into the index that have all searched columns; `areNew` when none of them can be there. */
  async put(statements: NamedStatements, rows: readonly StoredRow[], areNew: boolean): Promise<void> {
    const counts = new Map<string, number>();
    if (!areNew)
      await this.#take(
        statements,
        rows.map((row) => this.#table.key.map((name) => row[name]!)),
        counts,
      );
    const vectors = rows.map((row) => this.#vector(row, counts));
    const arrays = this.#table.key.map((name) => arrayText(rows.map((row) => row[name]!)));
    const unnested = [...this.#keyTypes, 'text'].map((type, i) => `$${i + 1}::${type}[]`).join(', ');
    const names = this.#keyTypes.map((_, i) => `k${i}`);
    await statements.run(
      `INSERT INTO ${this.#search} (${this.#keyNames}, words) SELECT ${names.join(', ')}, words::tsvector ` +
        `FROM unnest(${unnested}) AS u(${[...names, 'words'].join(', ')})`,
      [...arrays, arrayText(vectors)],
    );
    await this.#count(statements, counts);
  }

  async remove(statements: NamedStatements, keys: readonly StoredKey[]): Promise<void> {
    const counts = new Map<string, number>();
    await this.#take(statements, keys, counts);
    await this.#count(statements, counts);
  }

  async #take(statements: NamedStatements, keys: readonly StoredKey[], counts: Map<string, number>): Promise<void> {
    const unnested = this.#keyTypes.map((type, i) => `$${i + 1}::${type}[]`).join(', ');
    const names = this.#keyTypes.map((_, i) => `k${i}`).join(', ');
    const { rows } = await statements.run(
      `WITH gone AS (DELETE FROM ${this.#search} s USING unnest(${unnested}) AS u(${names}) WHERE ${this.#isKey} RETURNING s.words) ` +
        'SELECT word, count(*) FROM gone, unnest(tsvector_to_array(words)) AS word GROUP BY word',
      this.#keyTypes.map((_, i) => arrayText(keys.map((key) => key[i]!))),
    );
    for (const [word, count] of rows) counts.set(word!, (counts.get(word!) ?? 0) - Number(count));
  }

  #vector(row: StoredRow, counts: Map<string, number>): string {
    const { text, words } = wordVector(
      this.columns.map((name) => this.#wordsOf(row[name]!, name)),
      this.#weights(),
    );
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    return text;
  }

  #wordsOf(cell: Cell, column: string): readonly string[] {
    return indexWords(searchedText(cell, this.#table.columns[column]!.kind === 'json')).map(foldWord);
  }

  #weights(): readonly number[] {
    return this.columns.map((name) => this.#table.search[name]!);
  }

  async #count(statements: NamedStatements, counts: ReadonlyMap<string, number>): Promise<void> {
    // In one order, whoever writes.
    const changed = [...counts].filter(([, change]) => change !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
    if (changed.length === 0) return;
    await statements.run(
      `INSERT INTO ${this.#words} AS w (word, rows) SELECT * FROM unnest($1::text[], $2::bigint[]) ` +
        'ON CONFLICT (word) DO UPDATE SET rows = w.rows + excluded.rows',
      [arrayText(changed.map(([word]) => word)), arrayText(changed.map(([, change]) => change))],
    );
    const fewer = changed.filter(([, change]) => change < 0).map(([word]) => word);
    if (fewer.length === 0) return;
    await statements.run(`DELETE FROM ${this.#words} WHERE word = ANY($1::text[]) AND rows <= 0`, [arrayText(fewer)]);
  }
}
