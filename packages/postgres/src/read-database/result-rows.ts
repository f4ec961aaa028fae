import type { ColumnKind } from 'carillon';
import type pg from 'pg';
import type { Kinds } from './result-kinds.js';
import { searchKeyColumn } from './table-ddl.js';

/** Which declared table a stored one is, and what its columns hold, in their order. */
export interface KnownTable {
  readonly name: string;
  readonly columns: readonly ColumnKind[];
  /** The same by their names. */
  readonly kinds: Kinds;
}

/** Types by their numbers in pg_type. */
const booleanType = 16;
const textType = 25;
const numberTypes = new Set([20, 21, 23, 26, 700, 701, 1700]);

const hiddenColumn = searchKeyColumn(0).slice(0, -1);

/** Whether it matters for a column of a result which column of a table it comes from. */
function dependsOnOrigin({ dataTypeID }: pg.FieldDef): boolean {
  return dataTypeID === booleanType || dataTypeID === textType;
}

/** Whether it matters for a column of a result which table it is that PostgreSQL says it comes from. */
export function dependsOnTable(field: pg.FieldDef): boolean {
  return field.tableID !== 0 && dependsOnOrigin(field);
}

/** Where a column of a result comes from. */
export interface Origins {
  /** The known table of a number in pg_class. */
  tableOf(tableId: number): KnownTable | undefined;
  /** What a column holds of which PostgreSQL does not say where it comes from. */
  kindOf(name: string): ColumnKind | undefined;
}

/**
 * Rows as SQLite would give them: numbers as numbers, booleans and JSON where they come from such a column as it is, 1 and 0 for other
 * conditions.
 */
export function resultRows(
  rows: readonly (string | null)[][],
  fields: readonly pg.FieldDef[],
  origins: Origins,
): object[] {
  const columns = fields
    .map((field, index) => ({ name: field.name, index, decode: decoder(field, origins) }))
    .filter(({ name }) => !name.startsWith(hiddenColumn));
  return rows.map((texts) => {
    const row: { [column: string]: unknown } = {};
    for (const { name, index, decode } of columns) {
      const text = texts[index]!;
      row[name] = text === null ? null : decode(text);
    }
    return row;
  });
}

function decoder(field: pg.FieldDef, origins: Origins): (text: string) => unknown {
  const { dataTypeID } = field;
  if (numberTypes.has(dataTypeID)) return Number;
  const kind = dependsOnOrigin(field) ? kindOf(field, origins) : undefined;
  if (kind === 'json') return (text) => JSON.parse(text) as unknown;
  if (dataTypeID === booleanType) return kind === 'boolean' ? (text) => text === 't' : (text) => (text === 't' ? 1 : 0);
  return (text) => text;
}

function kindOf({ tableID, columnID, name }: pg.FieldDef, origins: Origins): ColumnKind | undefined {
  return tableID === 0 ? origins.kindOf(name) : origins.tableOf(tableID)?.columns[columnID - 1];
}
