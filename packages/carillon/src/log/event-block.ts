import type { RecordedEvent } from '../definitions/event.js';
import { decodeTags, type EncodedEvent, type EventCodec, type StoredEvent } from './event-codec.js';
import type { HashedItem } from './hashed-query.js';
import { type LogQuery, matches } from './log-query.js';
import { none, PostingTable } from './posting-table.js';

/** Which positions are looked at, both ends included, and how many events are wanted at most. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly backwards: boolean;
}

/**
 * Events at consecutive positions, held in memory with an index of their tags and types. A list for each property: an
 * event is a few texts and numbers, not an object, because there are many and they stay long.
 */
export class EventBlock {
  readonly first: number;
  /** What the events take in memory, roughly. */
  sizeBytes = 0;
  readonly #codec: EventCodec;
  readonly #postings = new PostingTable();
  readonly #types: string[] = [];
  readonly #versions: number[] = [];
  readonly #tags: string[] = [];
  readonly #data: string[] = [];
  readonly #metadata: (string | null)[] = [];
  readonly #givenIds: (string | null)[] = [];
  readonly #recordedAtMs: number[] = [];
  readonly #sizes: number[] = [];

  /** @param first the position of the first event that will be added */
  constructor(first: number, codec: EventCodec) {
    this.first = first;
    this.#codec = codec;
  }

  /** The position of the newest event; `first - 1` when there is none. */
  get last(): number {
    return this.first + this.#types.length - 1;
  }

  get length(): number {
    return this.#types.length;
  }

  /** Adds the next event. */
  add(event: EncodedEvent): void {
    this.#postings.add(event.hashes);
    this.#types.push(event.type);
    this.#versions.push(event.version);
    this.#tags.push(event.tags);
    this.#data.push(event.data);
    this.#metadata.push(event.metadata);
    this.#givenIds.push(event.givenId);
    this.#recordedAtMs.push(event.recordedAtMs);
    this.#sizes.push(event.sizeBytes);
    this.sizeBytes += event.sizeBytes;
  }

  /** Takes out everything beyond a position. */
  truncate(last: number): void {
    while (this.last > last) {
      this.#postings.removeLast();
      this.sizeBytes -= this.#sizes.pop() ?? 0;
      this.#types.pop();
      this.#versions.pop();
      this.#tags.pop();
      this.#data.pop();
      this.#metadata.pop();
      this.#givenIds.pop();
      this.#recordedAtMs.pop();
    }
  }

  /** Gives what the event at a position is indexed by: the hash of its type, then of each of its tags. */
  eachHashAt(position: number, visit: (hash: number) => void): void {
    this.#postings.eachHash(position - this.first, visit);
  }

  /**
   * Adds the matching events of the range to a list, in the range's direction.
   *
   * @param items the items of the query, hashed
   */
  find(query: LogQuery, items: readonly HashedItem[], range: BlockRange, found: RecordedEvent[]): void {
    const from = Math.max(range.from, this.first) - this.first;
    const to = Math.min(range.to, this.last) - this.first;
    if (from > to) return;
    if (items.length === 0) this.#takeAll(from, to, range, found);
    else this.#takeMatching(query, this.#candidates(items, from, to), range, found);
  }

  #takeAll(from: number, to: number, { limit, backwards }: BlockRange, found: RecordedEvent[]): void {
    const count = Math.min(limit, to - from + 1);
    for (let i = 0; i < count; i++) found.push(this.#codec.decode(this.#stored(backwards ? to - i : from + i)));
  }

  #takeMatching(query: LogQuery, candidates: number[], { limit, backwards }: BlockRange, found: RecordedEvent[]): void {
    const count = candidates.length;
    let left = limit;
    for (let i = 0; i < count && left > 0; i++) {
      const stored = this.#stored(candidates[backwards ? i : count - 1 - i] as number);
      const tags = decodeTags(stored.tags);
      if (!matches(query, { type: stored.type, tags })) continue;
      found.push(this.#codec.decode(stored, tags));
      left--;
    }
  }

  /** The numbers of events that match by their hashes, from the newest to the oldest. */
  #candidates(items: readonly HashedItem[], from: number, to: number): number[] {
    const candidates: number[] = [];
    let walks = 0;
    for (const { tags, types } of items) {
      for (const type of types) walks += this.#walk(type, [], from, to, candidates);
      if (tags.length > 0) walks += this.#walk(this.#rarest(tags), tags, from, to, candidates);
    }
    return walks > 1 ? [...new Set(candidates)].sort((a, b) => b - a) : candidates;
  }

  #rarest(hashes: readonly number[]): number {
    let rarest = hashes[0] as number;
    for (const hash of hashes) if (this.#postings.sizeOf(hash) < this.#postings.sizeOf(rarest)) rarest = hash;
    return rarest;
  }

  /** Collects the events that have a hash, and all the others. Says 1 when it found any, 0 otherwise. */
  #walk(hash: number, others: readonly number[], from: number, to: number, candidates: number[]): number {
    const postings = this.#postings;
    const before = candidates.length;
    for (let entry = postings.newest(hash); entry !== none; entry = postings.older(entry)) {
      const event = postings.eventOf(entry);
      if (event < from) break;
      if (event <= to && (others.length < 2 || postings.hasAll(event, others))) candidates.push(event);
    }
    return candidates.length > before ? 1 : 0;
  }

  #stored(event: number): StoredEvent {
    return {
      position: this.first + event,
      type: this.#types[event] as string,
      version: this.#versions[event] as number,
      tags: this.#tags[event] as string,
      data: this.#data[event] as string,
      metadata: this.#metadata[event] as string | null,
      givenId: this.#givenIds[event] as string | null,
      recordedAtMs: this.#recordedAtMs[event] as number,
    };
  }
}
