import type { Column } from '../definitions/column.js';
import type { TableDefinition } from '../definitions/table.js';
import type { StoredRow } from '../read-database/read-database.js';
import { ProjectionError } from './projection-errors.js';

/**
 * Completes a row with its defaults and refuses what its table cannot hold.
 *
 * @throws ProjectionError
 */
export function completeRow(name: string, table: TableDefinition, given: StoredRow): StoredRow {
  const row: { [column: string]: unknown } = {};
  for (const column in table.columns) {
    const definition = table.columns[column]!;
    const value = given[column] ?? (given[column] === null ? null : definition.defaultValue);
    checkValue(name, column, definition, value);
    row[column] = value;
  }
  for (const column in given) if (table.columns[column] === undefined) throw noColumn(name, column);
  return row;
}

/** A row with some values changed. @throws ProjectionError */
export function changeRow(name: string, table: TableDefinition, row: StoredRow, changes: StoredRow): StoredRow {
  const changed: { [column: string]: unknown } = { ...row };
  for (const column in changes) {
    const definition = table.columns[column];
    if (definition === undefined) throw noColumn(name, column);
    const value = changes[column];
    if (value === undefined) continue;
    checkValue(name, column, definition, value);
    if (table.key.includes(column) && value !== row[column]) {
      throw new ProjectionError(name, `"${column}" is part of the key: delete the row and insert another.`);
    }
    changed[column] = value;
  }
  return changed;
}

/** The values of the key columns in their order, from a key as handlers give it. @throws ProjectionError */
export function keyValues(name: string, table: TableDefinition, key: unknown): unknown[] {
  const single = table.key.length === 1;
  return table.key.map((column) => {
    const value = single && typeof key !== 'object' ? key : (key as StoredRow | null)?.[column];
    checkValue(name, column, table.columns[column]!, value);
    return value;
  });
}

/** Equal keys have equal texts. */
export function keyText(values: readonly unknown[]): string {
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : JSON.stringify(values);
}

function checkValue(table: string, name: string, column: Column, value: unknown): void {
  if (value === undefined || value === null) {
    if (value === null && column.isNullable) return;
    throw new ProjectionError(table, `column "${name}" has no value, and may not be null.`);
  }
  if (fits(column, value)) return;
  throw new ProjectionError(table, `column "${name}" holds ${column.kind}, not ${describe(value)}.`);
}

function fits(column: Column, value: unknown): boolean {
  switch (column.kind) {
    case 'text':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'real':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'json':
      return typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint';
  }
}

function describe(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `${typeof value} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

function noColumn(table: string, column: string): ProjectionError {
  return new ProjectionError(table, `there is no column "${column}".`);
}
