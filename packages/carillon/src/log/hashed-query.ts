import type { LogQuery } from './log-query.js';
import type { PostingHash } from './posting-hash.js';

/** An item of a query, in hashes: what an index is asked with. */
export interface HashedItem {
  /** Of the tags that must all be there; when there are none, the types count. */
  readonly tags: readonly number[];
  readonly types: readonly number[];
}

/** Hashes the items of a query, once for all the places that are looked into. */
export function hashQuery({ items }: LogQuery, hash: PostingHash): readonly HashedItem[] {
  return items.map(({ tags = [], types = [] }) => ({
    tags: tags.map((tag) => hash.ofTag(tag)),
    types: tags.length > 0 ? [] : types.map((type) => hash.ofType(type)),
  }));
}
