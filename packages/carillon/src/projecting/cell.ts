import type { Column } from '../definitions/column.js';
import type { Cell } from '../read-database/read-database.js';
import { storableText } from '../read-database/storable-text.js';

/** A value that a column cannot hold. The message says why. */
export class UnfitValueError extends Error {}

/** Makes a column's cell of a value from a handler. @throws UnfitValueError */
export type ToCell = (value: unknown) => Cell;

/** How values become cells of a column. */
export function toCellOf(name: string, column: Column): ToCell {
  const convert = conversions[column.kind];
  return (value) => {
    if (value === null || value === undefined) {
      if (value === null && column.isNullable) return null;
      throw new UnfitValueError(`column "${name}" has no value, and may not be null.`);
    }
    const cell = convert(value);
    if (cell !== undefined) return cell;
    throw new UnfitValueError(`column "${name}" holds ${column.kind}, not ${describe(value)}.`);
  };
}

const conversions: { readonly [Kind in Column['kind']]: (value: unknown) => Cell | undefined } = {
  text: (value) => (typeof value === 'string' ? storableText(value) : undefined),
  // Adding 0 makes -0 the 0 that comes back.
  integer: (value) => (Number.isSafeInteger(value) ? (value as number) + 0 : undefined),
  real: (value) => (Number.isFinite(value) ? (value as number) + 0 : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  json: (value) => JSON.stringify(value),
};

function describe(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `${typeof value} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}
