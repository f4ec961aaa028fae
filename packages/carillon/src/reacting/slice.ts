import type { Work } from './work.js';

/**
 * A part of the keys of a reaction. Where processes share the work each key belongs to one slice, and a slice is done by one process
 * at a time.
 */
export interface Slice {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** Into so many slices a reaction is split: so many processes can share it. Part of what is recorded in the log. */
const slicesPerReaction = 4;

export const slices: readonly Slice[] = Array.from({ length: slicesPerReaction }, (_, index) => ({
  index,
  of: slicesPerReaction,
}));

/** Whether a key belongs to a slice; without one, every key does. */
export function isInSlice(key: string, slice: Slice | undefined): boolean {
  return slice === undefined || hash(key) % slice.of === slice.index;
}

/** The work for the keys of a slice. */
export function sliced(work: Work, slice: Slice): Work {
  return {
    name: work.name,
    query: work.query,
    startsAt: work.startsAt,
    maxConcurrency: work.maxConcurrency,
    timeoutMs: work.timeoutMs,
    retry: work.retry,
    keysOf: (event) => work.keysOf(event).filter((key) => isInSlice(key, slice)),
    perform: (event, key, attempt) => work.perform(event, key, attempt),
    isFinal: (error) => work.isFinal?.(error) === true,
  };
}

/** FNV-1a over the UTF-16 code units, in 32 bits: the same on every machine, for ever. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let n = 0; n < key.length; n++) value = Math.imul(value ^ key.charCodeAt(n), 0x01000193);
  // The low bits of FNV alone are the parity of the text.
  value ^= value >>> 16;
  return value >>> 0;
}
