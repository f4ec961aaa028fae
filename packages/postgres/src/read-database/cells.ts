import type { ColumnKind } from 'carillon';
import { type Cell, ReadDatabaseError } from 'carillon/adapters';

/** What PostgreSQL calls the types of columns. Texts of "C" compare by code points, as on SQLite. JSON keeps its text. */
export const columnType: { readonly [Kind in ColumnKind]: string } = {
  text: 'text',
  integer: 'bigint',
  real: 'double precision',
  boolean: 'boolean',
  json: 'text',
};

/** A text as PostgreSQL can hold it: it has no character 0. */
export function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** A list of cells as the text of an array: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
export function arrayText(cells: readonly Cell[]): string {
  const items = new Array<string>(cells.length);
  for (let i = 0; i < cells.length; i++) items[i] = item(cells[i]!);
  return `{${items.join(',')}}`;
}

function item(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'string') return `"${escaped(storableText(cell))}"`;
  return String(cell);
}

function escaped(text: string): string {
  return text.includes('"') || text.includes('\\') ? text.replace(/["\\]/g, '\\$&') : text;
}

/** Reads a column's values from the text that PostgreSQL sends. */
export type Decode = (text: string) => Cell;

export const decodeCell: { readonly [Kind in ColumnKind]: Decode } = {
  text: (text) => text,
  integer: wholeNumber,
  real: Number,
  boolean: (text) => text === 't',
  json: (text) => text,
};

/** @throws ReadDatabaseError when somebody else has written a number that JavaScript cannot hold */
function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new ReadDatabaseError(`The read database holds ${text}, which is no whole number below 2^53.`);
}
