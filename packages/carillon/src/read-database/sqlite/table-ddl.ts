import type { ColumnKind } from '../../definitions/column.js';
import { DefinitionError } from '../../definitions/errors.js';
import type { TableDefinition } from '../../definitions/table.js';
import { isSearchable } from '../physical-schema.js';

const sqliteType: { readonly [Kind in ColumnKind]: string } = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'INTEGER',
  json: 'TEXT',
};

/** The column that ties a searchable row to its full-text entry. Never shown. */
export const searchRowColumn = '_row';

/** The name of a table's full-text index. No table of a read model has a "$" in its name. */
export function searchTable(physicalName: string): string {
  return `${physicalName}$search`;
}

/** The name of the list of all words in a table's full-text index. */
export function wordTable(physicalName: string): string {
  return `${physicalName}$words`;
}

export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/**
 * The statements that make a table with its indexes.
 *
 * @throws DefinitionError when SQLite cannot tell its columns apart
 */
export function createTable(physicalName: string, table: TableDefinition): string[] {
  checkNames('columns', [searchRowColumn, ...Object.keys(table.columns)]);
  const searchable = isSearchable(table);
  const columns = Object.entries(table.columns).map(
    ([name, column]) => `${quote(name)} ${sqliteType[column.kind]}${column.isNullable ? '' : ' NOT NULL'}`,
  );
  const key = table.key.map(quote).join(', ');
  const body = searchable
    ? [`${quote(searchRowColumn)} INTEGER PRIMARY KEY`, ...columns, `UNIQUE (${key})`]
    : [...columns, `PRIMARY KEY (${key})`];
  // Small rows are found with one look where they stand sorted by their key; large ones would make the way to them longer.
  const isSmall = Object.values(table.columns).every(({ kind }) => kind !== 'json');
  const options = isSmall && !searchable ? 'STRICT, WITHOUT ROWID' : 'STRICT';
  const statements = [`CREATE TABLE ${quote(physicalName)} (\n  ${body.join(',\n  ')}\n) ${options}`];
  for (const index of table.indexes) {
    const name = quote(`${physicalName}$by$${index.join('$')}`);
    statements.push(`CREATE INDEX IF NOT EXISTS ${name} ON ${quote(physicalName)} (${index.map(quote).join(', ')})`);
  }
  if (searchable) statements.push(...createSearch(physicalName, table));
  return statements;
}

/** The statements that remove a table with all that belongs to it. */
export function dropTable(physicalName: string): string[] {
  const names = [wordTable(physicalName), searchTable(physicalName), physicalName];
  return names.map((name) => `DROP TABLE IF EXISTS ${quote(name)}`);
}

/** @throws DefinitionError when names differ in upper and lower case only, which SQLite does not see */
export function checkNames(what: string, names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw new DefinitionError(`SQLite cannot tell the ${what} "${other}" and "${name}" apart. Rename one of them.`);
    }
    seen.set(name.toLowerCase(), name);
  }
}

/**
 * A contentless full-text index (https://www.sqlite.org/fts5.html), with its words as a table of their own. `SearchIndex`
 * keeps it in step.
 */
function createSearch(physicalName: string, table: TableDefinition): string[] {
  const index = quote(searchTable(physicalName));
  // FTS5 keeps some names for itself, so that its columns are numbered.
  const entries = Object.keys(table.search).map((_, position) => `c${position}`);
  const weights = Object.values(table.search);
  return [
    `CREATE VIRTUAL TABLE ${index} USING fts5(${entries.join(', ')}, content='', contentless_delete=1, ` +
      `tokenize='unicode61 remove_diacritics 2', prefix='2 3')`,
    `INSERT INTO ${index}(${index}, rank) VALUES ('rank', 'bm25(${weights.join(', ')})')`,
    `CREATE VIRTUAL TABLE ${quote(wordTable(physicalName))} USING fts5vocab(${index}, 'row')`,
  ];
}
