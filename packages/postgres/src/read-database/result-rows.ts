import type { ColumnKind } from 'carillon';
import type pg from 'pg';
import { searchKeyColumn } from './table-ddl.js';

/** Which declared table a stored one is, and what its columns hold, in their order. */
export interface KnownTable {
  readonly name: string;
  readonly columns: readonly ColumnKind[];
}

/** Types by their numbers in pg_type. */
const booleanType = 16;
const textType = 25;
const numberTypes = new Set([20, 21, 23, 26, 700, 701, 1700]);

const hiddenColumn = searchKeyColumn(0).slice(0, -1);

/** Whether it matters for a column of a result which column of a table it comes from. */
export function dependsOnOrigin({ tableID, dataTypeID }: pg.FieldDef): boolean {
  return tableID !== 0 && (dataTypeID === booleanType || dataTypeID === textType);
}

/**
 * Rows as SQLite would give them: numbers as numbers, booleans and JSON where they come from such a column as it is, 1 and 0 for other
 * conditions.
 *
 * @param tableOf the known table of a number in pg_class
 */
export function resultRows(
  rows: readonly (string | null)[][],
  fields: readonly pg.FieldDef[],
  tableOf: (tableId: number) => KnownTable | undefined,
): object[] {
  const columns = fields
    .map((field, index) => ({ name: field.name, index, decode: decoder(field, tableOf) }))
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

function decoder(field: pg.FieldDef, tableOf: (tableId: number) => KnownTable | undefined): (text: string) => unknown {
  const { dataTypeID, tableID, columnID } = field;
  if (numberTypes.has(dataTypeID)) return Number;
  const kind = dependsOnOrigin(field) ? tableOf(tableID)?.columns[columnID - 1] : undefined;
  if (kind === 'json') return (text) => JSON.parse(text) as unknown;
  if (dataTypeID === booleanType) return kind === 'boolean' ? (text) => text === 't' : (text) => (text === 't' ? 1 : 0);
  return (text) => text;
}
