import type { ColumnKind } from '../../definitions/column.js';
import type { TableDefinition } from '../../definitions/table.js';

const sqliteType: { readonly [Kind in ColumnKind]: string } = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'INTEGER',
  json: 'TEXT',
};

/** The column that ties a searchable row to its full-text entry. Never shown. */
export const searchRowColumn = '_row';

/** Whether a table has full-text search. */
export function isSearchable(table: TableDefinition): boolean {
  return Object.keys(table.search).length > 0;
}

/** The name of a table's full-text index. */
export function searchTable(physicalName: string): string {
  return `${physicalName}_search`;
}

export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** The statements that make a table with its indexes. */
export function createTable(physicalName: string, table: TableDefinition): string[] {
  const searchable = isSearchable(table);
  const columns = Object.entries(table.columns).map(
    ([name, column]) => `${quote(name)} ${sqliteType[column.kind]}${column.isNullable ? '' : ' NOT NULL'}`,
  );
  const key = table.key.map(quote).join(', ');
  const body = searchable
    ? [`${quote(searchRowColumn)} INTEGER PRIMARY KEY`, ...columns, `UNIQUE (${key})`]
    : [...columns, `PRIMARY KEY (${key})`];
  const statements = [
    `CREATE TABLE ${quote(physicalName)} (\n  ${body.join(',\n  ')}\n)${searchable ? '' : ' WITHOUT ROWID'}`,
  ];
  for (const index of table.indexes) {
    const name = quote(`${physicalName}_by_${index.join('_')}`);
    statements.push(`CREATE INDEX ${name} ON ${quote(physicalName)} (${index.map(quote).join(', ')})`);
  }
  if (searchable) statements.push(...createSearch(physicalName, table));
  return statements;
}

/** The statements that remove a table with all that belongs to it. */
export function dropTable(physicalName: string): string[] {
  return [`DROP TABLE IF EXISTS ${quote(searchTable(physicalName))}`, `DROP TABLE IF EXISTS ${quote(physicalName)}`];
}

/**
 * A contentless full-text index (https://www.sqlite.org/fts5.html) that triggers keep in step: they look at the searched columns
 * only, so that a change of a counter costs nothing here.
 */
function createSearch(physicalName: string, table: TableDefinition): string[] {
  const index = quote(searchTable(physicalName));
  const columns = Object.keys(table.search);
  const names = columns.map(quote).join(', ');
  const weights = columns.map((column) => table.search[column]!.toFixed(3)).join(', ');
  const texts = columns.map((column) => searchedText(`new.${quote(column)}`, table.columns[column]!.kind)).join(', ');
  const changed = columns.map((column) => `old.${quote(column)} IS NOT new.${quote(column)}`).join(' OR ');
  const row = quote(searchRowColumn);
  const on = (what: string) => `ON ${quote(physicalName)} ${what}`;
  return [
    `CREATE VIRTUAL TABLE ${index} USING fts5(${names}, content='', contentless_delete=1, ` +
      `tokenize='unicode61 remove_diacritics 2', prefix='2 3')`,
    `INSERT INTO ${index}(${index}, rank) VALUES ('rank', 'bm25(${weights})')`,
    `CREATE TRIGGER ${quote(`${physicalName}_search_insert`)} AFTER INSERT ${on('BEGIN')}
      INSERT INTO ${index}(rowid, ${names}) VALUES (new.${row}, ${texts}); END`,
    `CREATE TRIGGER ${quote(`${physicalName}_search_update`)} AFTER UPDATE OF ${names} ${on(`WHEN ${changed} BEGIN`)}
      DELETE FROM ${index} WHERE rowid = old.${row};
      INSERT INTO ${index}(rowid, ${names}) VALUES (new.${row}, ${texts}); END`,
    `CREATE TRIGGER ${quote(`${physicalName}_search_delete`)} AFTER DELETE ${on('BEGIN')}
      DELETE FROM ${index} WHERE rowid = old.${row}; END`,
  ];
}

/** The text that is searched in a column: lists of texts count as their texts. */
function searchedText(column: string, kind: ColumnKind): string {
  return kind === 'json' ? `(SELECT group_concat(atom, ' ') FROM json_tree(${column}) WHERE type = 'text')` : column;
}
