import { store } from '../store/store.js';

/** The live queries that have lost the server; their client is making the connection again. */
export const lostConnections = store<ReadonlySet<object>>(new Set());

/** Says of a live query whether its connection is lost. */
export function setLost(query: object, isLost: boolean): void {
  const before = lostConnections.get();
  if (before.has(query) === isLost) return;
  const after = new Set(before);
  if (isLost) after.add(query);
  else after.delete(query);
  lostConnections.set(after);
}
