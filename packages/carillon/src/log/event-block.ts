import type { RecordedEvent } from '../definitions/event.js';
import { decodeTags, type EncodedEvent, type EventCodec, type StoredEvent } from './event-codec.js';
import { type LogQuery, type LogQueryItem, matches } from './log-query.js';
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

  /** Adds the matching events of the range to a list, in the range's direction. */
  find(query: LogQuery, range: BlockRange, found: RecordedEvent[]): void {
    const from = Math.max(range.from, this.first) - this.first;
    const to = Math.min(range.to, this.last) - this.first;
    if (from > to) return;
    if (query.items.length === 0) this.#takeAll(from, to, range, found);
    else this.#takeMatching(query, this.#candidates(query, from, to), range, found);
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
  #candidates({ items }: LogQuery, from: number, to: number): number[] {
    const candidates: number[] = [];
    for (const item of items) this.#collectItem(item, from, to, candidates);
    const sorted = items.length === 1 && (items[0]?.tags?.length || items[0]?.types?.length === 1);
    return sorted ? candidates : [...new Set(candidates)].sort((a, b) => b - a);
  }

  #collectItem({ tags = [], types = [] }: LogQueryItem, from: number, to: number, candidates: number[]): void {
    const { hash } = this.#codec;
    if (tags.length === 0) {
      for (const type of types) this.#walk(hash.ofType(type), from, to, () => true, candidates);
      return;
    }
    const hashes = tags.map((tag) => hash.ofTag(tag));
    const rarest = hashes.reduce((a, b) => (this.#postings.sizeOf(b) < this.#postings.sizeOf(a) ? b : a));
    if (this.#postings.sizeOf(rarest) === 0) return;
    const isMeant = (event: number) =>
      (types.length === 0 || types.includes(this.#types[event] as string)) &&
      (hashes.length === 1 || hashes.every((one) => this.#postings.has(event, one)));
    this.#walk(rarest, from, to, isMeant, candidates);
  }

  #walk(hash: number, from: number, to: number, isMeant: (event: number) => boolean, candidates: number[]): void {
    const postings = this.#postings;
    for (let entry = postings.newest(hash); entry !== none; entry = postings.older(entry)) {
      const event = postings.eventOf(entry);
      if (event < from) return;
      if (event <= to && isMeant(event)) candidates.push(event);
    }
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
