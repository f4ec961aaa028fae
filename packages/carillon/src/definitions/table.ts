import type { Column } from './column.js';
import { DefinitionError } from './errors.js';

/** A table's columns by name. */
export type Columns = { readonly [name: string]: Column };

type ValueOf<C> = C extends Column<infer Value, boolean> ? Value : never;
type Flatten<T> = { [K in keyof T]: T[K] };

/** A row as it is read. */
export type RowOf<T extends TableDefinition> = T extends TableDefinition<infer C, any> ? Row<C> : never;

/** A row as it is read, from its columns. */
export type Row<C extends Columns> = { readonly [Name in keyof C]: ValueOf<C[Name]> };

type OptionalColumn<C extends Columns> = {
  [Name in keyof C]: C[Name] extends Column<any, infer Optional> ? (Optional extends true ? Name : never) : never;
}[keyof C];

/** A row as it is written: columns with a default may be left out. */
export type NewRow<C extends Columns> = Flatten<
  { readonly [Name in Exclude<keyof C, OptionalColumn<C>>]: ValueOf<C[Name]> } & {
    readonly [Name in OptionalColumn<C>]?: ValueOf<C[Name]>;
  }
>;

/** The key of a row: the value of the one key column, or an object of the values of several. */
export type RowKey<C extends Columns, Key extends keyof C> = [Key] extends [infer Only extends keyof C]
  ? IsUnion<Only> extends true
    ? { readonly [Name in Key]: ValueOf<C[Name]> }
    : ValueOf<C[Only]>
  : never;

type IsUnion<T, U = T> = [T] extends [never] ? false : T extends U ? ([U] extends [T] ? false : true) : false;

/** What `table()` takes. */
export interface TableOptions<C extends Columns, Key extends keyof C & string> {
  readonly columns: C;
  /** The column, or columns together, that tell one row from another. Text, integer or boolean; never null. */
  readonly key: Key | readonly Key[];
  /** Columns, or lists of columns, that queries filter or sort by. */
  readonly indexes?: readonly ((keyof C & string) | readonly (keyof C & string)[])[];
  /** Text columns (or JSON lists of texts) for full-text search, with their weight in the ranking. */
  readonly search?: { readonly [Name in keyof C & string]?: number };
}

/** A table of a read model. The same declaration makes it on SQLite and on PostgreSQL. */
export interface TableDefinition<C extends Columns = Columns, Key extends keyof C & string = any> {
  readonly kind: 'table';
  readonly columns: C;
  readonly key: readonly Key[];
  readonly indexes: readonly (readonly string[])[];
  /** Weights by column; empty when the table cannot be searched. */
  readonly search: { readonly [column: string]: number };
}

const columnName = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/**
 * Names that every table of PostgreSQL has columns of (https://www.postgresql.org/docs/current/ddl-system-columns.html), and the one that
 * no object of JavaScript can have a value of.
 */
const takenNames = new Set(['cmax', 'cmin', 'ctid', 'tableoid', 'xmax', 'xmin', '__proto__']);

/**
 * Declares a table.
 *
 * ```ts
 * const titles = table({
 *   columns: { titleId: text(), title: text(), authors: json<string[]>(), year: integer().nullable() },
 *   key: 'titleId',
 *   indexes: ['year'],
 *   search: { title: 3, authors: 2 },
 * });
 * ```
 *
 * @throws DefinitionError naming everything that is wrong with it
 */
export function table<C extends Columns, const Key extends keyof C & string>(
  options: TableOptions<C, Key>,
): TableDefinition<C, Key> {
  const { columns } = options;
  const key = (typeof options.key === 'string' ? [options.key] : options.key) as readonly Key[];
  const indexes = (options.indexes ?? []).map((index) => (typeof index === 'string' ? [index] : [...index]));
  const search = (options.search ?? {}) as { readonly [column: string]: number };
  const problems: string[] = [];

  for (const name of Object.keys(columns)) {
    if (!columnName.test(name)) problems.push(`"${name}" cannot be the name of a column: use letters, digits and "_".`);
    if (takenNames.has(name)) problems.push(`"${name}" cannot be the name of a column: it is taken. Choose another.`);
  }
  for (const name of [...key, ...indexes.flat(), ...Object.keys(search)]) {
    if (columns[name] === undefined) problems.push(`there is no column "${name}".`);
  }
  if (key.length === 0) problems.push('the key names no column.');
  for (const name of key) {
    const column = columns[name];
    if (column?.isNullable) problems.push(`key column "${name}" may not be nullable.`);
    if (column?.kind === 'json' || column?.kind === 'real')
      problems.push(`key column "${name}" may not be ${column.kind}.`);
  }
  for (const [name, weight] of Object.entries(search)) {
    const column = columns[name];
    if (column !== undefined && column.kind !== 'text' && column.kind !== 'json') {
      problems.push(`column "${name}" holds no text to search.`);
    }
    if (!(weight > 0)) problems.push(`the search weight of "${name}" is ${weight}; it must be above 0.`);
  }
  if (problems.length > 0) throw new DefinitionError(`The table is declared wrongly: ${problems.join(' ')}`);

  return Object.freeze({ kind: 'table' as const, columns, key, indexes, search });
}
