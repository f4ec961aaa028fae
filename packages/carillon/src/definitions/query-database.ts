import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Tables } from './read-model.js';
import type { RowOf, TableDefinition } from './table.js';

/** The rows of a read model's tables, by table name, as Kysely wants them. */
export type QueryRows<T extends Tables> = { [Name in keyof T & string]: RowOf<T[Name]> };

/** The names of the tables. Whether one can be searched, the compiler does not know. */
export type SearchableTable<T extends Tables> = {
  [Name in keyof T]: T[Name] extends TableDefinition<any, any> ? Name : never;
}[keyof T] &
  string;

/** How well a row fits a search. */
export interface Ranking {
  /** Above 0, higher is better; 0 for every row when the searched text holds no word. Comparable within one search only. */
  relevance: number;
}

/** A select from a searched table, joined with `ranking`: `.orderBy('ranking.relevance', 'desc')`. */
export type Search<T extends Tables, Name extends keyof T & string> = SelectQueryBuilder<
  QueryRows<T> & { ranking: Ranking },
  Name | 'ranking',
  Record<never, never>
>;

/**
 * What a query reads with: Kysely (https://kysely.dev) over the read model's tables, without anything that writes.
 * The connection behind it is read-only, too: a write would be refused by the database.
 */
export interface QueryDatabase<T extends Tables>
  extends Pick<Kysely<QueryRows<T>>, 'selectFrom' | 'selectNoFrom' | 'with' | 'withRecursive' | 'fn' | 'dynamic'> {
  /**
   * Full-text search in the columns that the table declares as `search`: every word must occur, the last one may be
   * unfinished; case and diacritics do not matter. A word of four letters or more that occurs nowhere stands for those that it was
   * probably meant to be. A text without any word finds every row.
   *
   * @throws CarillonError `query-refused` when the table declares no `search`
   */
  search<Name extends SearchableTable<T>>(table: Name, text: string): Search<T, Name>;
}
