import type { EventCodec, LogQueryItem } from 'carillon/adapters';
import { storedHash } from './segment-postings.js';

/** What an item of a query looks for in the index: all of its tags, or, where it names none, any of its types. */
export interface Sought {
  readonly hashes: readonly number[];
  readonly needsAll: boolean;
}

/** The hashes that an item of a query looks for. Where it names tags, its types are looked at in what is found. */
export function soughtBy({ types = [], tags = [] }: LogQueryItem, hash: EventCodec['hash']): Sought {
  const hashes = tags.length > 0 ? tags.map((tag) => hash.ofTag(tag)) : types.map((type) => hash.ofType(type));
  return { hashes: [...new Set(hashes.map(storedHash))], needsAll: tags.length > 0 };
}
