import type { ReadModelState } from '../src/read-database/read-database.js';

/** Where a read model stands that serves and is not being rebuilt. */
export function serving(position: number, state: Partial<ReadModelState> = {}): ReadModelState {
  const begunAt = '2026-01-01T00:00:00.000Z';
  return { build: 1, position, failure: undefined, begunAt, isServing: true, next: undefined, ...state };
}
