import type { ReadOptions } from './log.js';
import { LogLimitError } from './log-errors.js';
import { maxReadLimit } from './log-limits.js';

/** Read options with every default filled in. */
export interface ReadRange {
  /** Only events with `after` < position < `before`. */
  readonly after: number;
  readonly before: number;
  readonly limit: number;
  readonly backwards: boolean;
}

/**
 * Fills in the defaults of `read`, for every adapter alike.
 *
 * @throws LogLimitError when the limit or position is impossible
 */
export function checkReadOptions({ after, limit = maxReadLimit, backwards = false }: ReadOptions): ReadRange {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxReadLimit) {
    throw new LogLimitError(`The limit of a read is ${limit}; it must be a whole number from 1 to ${maxReadLimit}.`);
  }
  if (after !== undefined) checkPosition('after', after);
  return {
    after: backwards ? 0 : (after ?? 0),
    before: backwards ? (after ?? Number.MAX_SAFE_INTEGER) : Number.MAX_SAFE_INTEGER,
    limit,
    backwards,
  };
}

/** @throws LogLimitError when a position is no whole number from 0 */
export function checkPosition(what: string, position: number): void {
  if (Number.isSafeInteger(position) && position >= 0) return;
  throw new LogLimitError(`${what} is ${String(position)}; a position is a whole number, and 0 means the beginning.`);
}
