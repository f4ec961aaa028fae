import { type LogQuery, type LogQueryItem, matchesItem } from './log-query.js';
import type { StoredEvent } from './stored-event.js';

/** Which positions are looked at, both ends included, and how many events are wanted at most. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly backwards: boolean;
}

/** The positions at which a tag or type occurs, ascending. Most tags occur once in a block: then no list is made. */
type Postings = number | number[];

/** Events at consecutive positions, held in memory with an index of their tags and types. */
export class EventBlock {
  readonly first: number;
  /** The bytes of their JSON, roughly. */
  sizeBytes = 0;
  readonly #events: StoredEvent[] = [];
  readonly #tags = new Map<string, Postings>();
  readonly #types = new Map<string, Postings>();

  constructor(first: number) {
    this.first = first;
  }

  /** The position of the newest event; `first - 1` when there is none. */
  get last(): number {
    return this.first + this.#events.length - 1;
  }

  get length(): number {
    return this.#events.length;
  }

  add(event: StoredEvent): void {
    this.#events.push(event);
    this.sizeBytes += sizeOf(event);
    addPosting(this.#types, event.type, event.position);
    for (const tag of event.tags) addPosting(this.#tags, tag, event.position);
  }

  /** Takes out everything beyond a position. */
  truncate(last: number): void {
    while (this.last > last) {
      const event = this.#events.pop() as StoredEvent;
      this.sizeBytes -= sizeOf(event);
      removeNewestPosting(this.#types, event.type);
      for (const tag of event.tags) removeNewestPosting(this.#tags, tag);
    }
  }

  /** The matching events of the range, in its direction. */
  find(query: LogQuery, range: BlockRange): StoredEvent[] {
    const from = Math.max(range.from, this.first);
    const to = Math.min(range.to, this.last);
    if (from > to || range.limit <= 0) return [];
    const within = { ...range, from, to };
    if (query.items.length === 0) return this.#slice(within);
    const found: number[] = [];
    for (const item of query.items) this.#findItem(item, within, found);
    return this.#eventsAt(
      query.items.length > 1 || (query.items[0]?.types?.length ?? 0) > 1 ? distinct(found) : found,
      within,
    );
  }

  #slice({ from, to, limit, backwards }: BlockRange): StoredEvent[] {
    if (!backwards) return this.#events.slice(from - this.first, Math.min(to + 1, from + limit) - this.first);
    return this.#events.slice(Math.max(from, to + 1 - limit) - this.first, to + 1 - this.first).reverse();
  }

  #findItem(item: LogQueryItem, range: BlockRange, found: number[]): void {
    if (item.tags === undefined || item.tags.length === 0) {
      for (const type of item.types as readonly string[]) this.#collect(this.#types.get(type), undefined, range, found);
      return;
    }
    let rarest: Postings | undefined;
    for (const tag of item.tags) {
      const postings = this.#tags.get(tag);
      if (postings === undefined) return;
      if (rarest === undefined || countOf(postings) < countOf(rarest)) rarest = postings;
    }
    this.#collect(rarest, item, range, found);
  }

  /** Collects up to `limit` positions of the list within the range, of events that match the item (when one is given). */
  #collect(postings: Postings | undefined, item: LogQueryItem | undefined, range: BlockRange, found: number[]): void {
    if (postings === undefined) return;
    const list = typeof postings === 'number' ? [postings] : postings;
    const { from, to, limit, backwards } = range;
    const step = backwards ? -1 : 1;
    let taken = 0;
    for (let i = backwards ? lowerBound(list, to + 1) - 1 : lowerBound(list, from); taken < limit; i += step) {
      const position = list[i];
      if (position === undefined || position < from || position > to) return;
      if (item !== undefined && !matchesItem(item, this.#at(position))) continue;
      found.push(position);
      taken++;
    }
  }

  #eventsAt(positions: readonly number[], { limit, backwards }: BlockRange): StoredEvent[] {
    if (positions.length === 0) return [];
    // Of one list they are in the direction already; of several they were sorted, ascending.
    const ascending = positions.length < 2 || (positions[0] as number) < (positions[1] as number);
    const ordered = ascending === !backwards || positions.length < 2 ? positions : positions.toReversed();
    return ordered.slice(0, limit).map((position) => this.#at(position));
  }

  #at(position: number): StoredEvent {
    return this.#events[position - this.first] as StoredEvent;
  }
}

/** What an event takes in memory, roughly: text, tags, and the objects around them. */
export function sizeOf(event: Pick<StoredEvent, 'data' | 'metadata' | 'tags'>): number {
  return event.data.length + (event.metadata?.length ?? 0) + 200 + event.tags.length * 60;
}

function addPosting(index: Map<string, Postings>, key: string, position: number): void {
  const postings = index.get(key);
  if (postings === undefined) index.set(key, position);
  else if (typeof postings === 'number') index.set(key, [postings, position]);
  else postings.push(position);
}

function removeNewestPosting(index: Map<string, Postings>, key: string): void {
  const postings = index.get(key);
  if (typeof postings === 'object' && postings.length > 1) postings.pop();
  else index.delete(key);
}

function countOf(postings: Postings): number {
  return typeof postings === 'number' ? 1 : postings.length;
}

function distinct(positions: number[]): number[] {
  return [...new Set(positions)].sort((a, b) => a - b);
}

/** The index of the first element that is not below `value`. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
