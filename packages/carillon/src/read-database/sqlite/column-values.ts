import type { ColumnKind } from '../../definitions/column.js';

/** A value as SQLite keeps it. */
export type SqliteValue = string | number | bigint | null;

/** How a value of a column is kept. */
export function encodeValue(kind: ColumnKind, value: unknown): SqliteValue {
  if (value === null || value === undefined) return null;
  if (kind === 'boolean') return value === true ? 1 : 0;
  if (kind === 'json') return JSON.stringify(value);
  return value as string | number;
}

/** The value of a column, from how it is kept. */
export function decodeValue(kind: ColumnKind, value: unknown): unknown {
  if (value === null) return null;
  if (kind === 'boolean') return value !== 0;
  if (kind === 'json') return JSON.parse(value as string);
  return value;
}
