import type { LogQueryItem } from 'carillon/adapters';
import { storedText } from './event-text.js';

/** What an item of a query looks for in the index: all of its tags, or, where it names none, any of its types. */
export interface Sought {
  readonly keys: readonly string[];
  readonly needsAll: boolean;
}

/** The keys of the index that an item of a query looks for. Where it names tags, its types are looked at in what is found. */
export function soughtBy({ types = [], tags = [] }: LogQueryItem): Sought {
  if (tags.length > 0) return { keys: [...new Set(tags)].map((tag) => `tag=${storedText(tag)}`), needsAll: true };
  return { keys: types.map((type) => `type=${storedText(type)}`), needsAll: false };
}
