import { QueryRefusedError } from './read-database-errors.js';
import { storableText } from './storable-text.js';

/** What a query compares with, as columns hold it: lists and plain objects as their JSON text. @throws QueryRefusedError */
export function toParameter(value: unknown): string | number | bigint | boolean | null {
  if (typeof value === 'string') return storableText(value);
  if (value === null || typeof value === 'bigint' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  if (Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)) {
    return JSON.stringify(value);
  }
  const what =
    value === undefined ? 'undefined' : value instanceof Date ? 'a Date' : `a ${typeof value} (${String(value)})`;
  throw new QueryRefusedError(
    `A query compares with ${what}, which no column holds. Use text (of a Date: toISOString()), numbers, booleans, null, or ` +
      'what survives JSON.',
  );
}
