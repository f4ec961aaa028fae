import { type RawBuilder, sql } from 'kysely';
import type { Ranking } from '../../definitions/query-database.js';
import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import { comparedWords, nearestWords } from '../nearest-words.js';
import { searchWords } from '../search-words.js';
import { quote, searchRowColumn, searchTable, wordTable } from './table-ddl.js';

/** What a text finds in one table's full-text index. */
export class TextSearch {
  readonly #index: string;
  readonly #occurs: SqliteStatement;
  readonly #words: SqliteStatement;

  constructor(db: Sqlite, physicalName: string) {
    this.#index = quote(searchTable(physicalName));
    this.#occurs = db.prepare(`SELECT 1 FROM ${this.#index} WHERE ${this.#index} MATCH ? LIMIT 1`).pluck();
    const words = quote(wordTable(physicalName));
    this.#words = db.prepare(`SELECT term FROM ${words} WHERE term >= ? AND term < ? LIMIT ?`).pluck();
  }

  /** The rows that are found, as a table of row numbers and relevance; undefined for a text without words. */
  find(text: string): RawBuilder<Ranking> | undefined {
    const words = searchWords(text);
    if (words.length === 0) return undefined;
    const last = words.length - 1;
    const match = words.map((word, i) => this.#expression(word, i === last)).join(' AND ');
    const index = sql.raw(this.#index);
    // `rank` is bm25 with the declared weights, best first and below 0: https://www.sqlite.org/fts5.html section 5.1.
    return sql<Ranking>`(select rowid as ${sql.raw(quote(searchRowColumn))}, -rank as relevance from ${index} where ${index} match ${match})`;
  }

  /** A word in FTS5's language. One that occurs nowhere stands for those that it was probably meant to be. */
  #expression(word: string, isUnfinished: boolean): string {
    const exact = isUnfinished ? `"${word}" *` : `"${word}"`;
    if (this.#occurs.get(exact) !== undefined) return exact;
    const range = comparedWords(word);
    if (range === undefined) return exact;
    const nearest = nearestWords(word, this.#words.all(range.from, range.to, range.limit) as string[]);
    return nearest.length === 0 ? exact : `(${nearest.map((near) => `"${near}"`).join(' OR ')})`;
  }
}

/** `ranking` for a text that finds every row. */
export const noRanking: RawBuilder<Ranking> = sql<Ranking>`(select 0 as relevance)`;
