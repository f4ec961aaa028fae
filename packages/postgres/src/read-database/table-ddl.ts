import { createHash } from 'node:crypto';
import type { TableDefinition } from 'carillon';
import { type BuildName, isSearchable, physicalSchema } from 'carillon/adapters';
import { quoted } from '../connection/schema-name.js';
import { columnType } from './cells.js';

/** The longest name that PostgreSQL keeps whole. */
const maxNameLength = 63;

/** What the columns of a search index are called that hold the key of the row. Never shown. */
export function searchKeyColumn(position: number): string {
  return `$key${position}`;
}

/** What a table of a read model is called in the schema of the read side. */
export function physicalTable(build: BuildName, table: string): string {
  return shortened(`${physicalSchema(build)}_${table}`, maxNameLength - '$search'.length);
}

/** The table that holds which words are in which row. No table of a read model has a "$" in its name. */
export function searchTable(physical: string): string {
  return `${physical}$search`;
}

/** The table that holds every word, and in how many rows it is. */
export function wordTable(physical: string): string {
  return `${physical}$words`;
}

/** A name of at most so many characters: a hash tells apart what is the same up to there. */
function shortened(name: string, length: number): string {
  if (name.length <= length) return name;
  return `${name.slice(0, length - 11)}_${createHash('sha256').update(name).digest('hex').slice(0, 10)}`;
}

/** The statements that make a table with its indexes, and what it needs to be searched. */
export function createTable(schema: string, physical: string, table: TableDefinition): string[] {
  const name = `${quoted(schema)}.${quoted(physical)}`;
  const columns = Object.keys(table.columns).map((column) => columnSql(table, column, column));
  const key = table.key.map(quoted).join(', ');
  const statements = [`CREATE TABLE ${name} (\n  ${[...columns, `PRIMARY KEY (${key})`].join(',\n  ')}\n)`];
  for (const index of table.indexes) {
    const indexName = quoted(shortened(`${physical}$by$${index.join('$')}`, maxNameLength));
    statements.push(`CREATE INDEX IF NOT EXISTS ${indexName} ON ${name} (${index.map(indexed(table)).join(', ')})`);
  }
  if (isSearchable(table)) statements.push(...createSearch(schema, physical, table));
  return statements;
}

/** The statements that remove a table with all that belongs to it. */
export function dropTable(schema: string, physical: string): string[] {
  const names = [physical, searchTable(physical), wordTable(physical)];
  return names.map((name) => `DROP TABLE IF EXISTS ${quoted(schema)}.${quoted(name)}`);
}

function columnSql(table: TableDefinition, column: string, name: string): string {
  const { kind, isNullable } = table.columns[column]!;
  const type = columnType[kind];
  return `${quoted(name)} ${type}${type === 'text' ? ' COLLATE "C"' : ''}${isNullable ? '' : ' NOT NULL'}`;
}

/** Null comes first, as on SQLite: queries say so where a column may be null. */
function indexed(table: TableDefinition): (column: string) => string {
  return (column) => `${quoted(column)}${table.columns[column]!.isNullable ? ' NULLS FIRST' : ''}`;
}

/** The words of each row, apart from the row: a row changes more often than its words do. */
function createSearch(schema: string, physical: string, table: TableDefinition): string[] {
  const search = `${quoted(schema)}.${quoted(searchTable(physical))}`;
  const key = table.key.map((column, position) => columnSql(table, column, searchKeyColumn(position)));
  const names = table.key.map((_, position) => quoted(searchKeyColumn(position))).join(', ');
  return [
    `CREATE TABLE ${search} (${[...key, 'words tsvector NOT NULL', `PRIMARY KEY (${names})`].join(', ')})`,
    `CREATE INDEX ON ${search} USING gin (words)`,
    `CREATE TABLE ${quoted(schema)}.${quoted(wordTable(physical))} (word text COLLATE "C" PRIMARY KEY, rows bigint NOT NULL) ` +
      'WITH (fillfactor = 80)',
  ];
}
