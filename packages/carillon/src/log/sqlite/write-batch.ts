import type { EncodedEvent } from '../event-codec.js';
import type { EventKinds, NumberedKind } from './event-kinds.js';
import type { EventRow } from './event-rows.js';

/** What the index needs to know: for each event the length of its data, the number of its hashes, and the hashes of its type and tags. */
export type IndexList = Uint32Array;

/**
 * Events on their way to the writer thread. Their texts go through memory that both threads see: cloning thousands of
 * texts for each message costs more than all that is done with them here.
 */
export interface WriteBatch {
  readonly first: number;
  readonly count: number;
  /** Kinds that may not be in the file yet. */
  readonly newKinds: readonly NumberedKind[];
  /** For each event: kind, time, and the bytes of tags, data, metadata and id (-1: null). */
  readonly numbers: Float64Array;
  readonly index: IndexList;
  /** The texts in UTF-8, one after the other: tags, data, metadata and id of each event. */
  readonly texts: SharedArrayBuffer;
}

const numbersPerEvent = 6;

/** At most how many bytes the texts of events take. */
export function maxTextBytes(events: readonly EncodedEvent[]): number {
  let length = 0;
  for (const { tags, data, metadata, givenId } of events) {
    length += tags.length + data.length + (metadata?.length ?? 0) + (givenId?.length ?? 0);
  }
  // No UTF-16 unit takes more than 3 bytes.
  return length * 3;
}

/** @param texts of `maxTextBytes` bytes or more; nobody may write into it before the batch is written */
export function encodeBatch(events: readonly EncodedEvent[], kinds: EventKinds, texts: SharedArrayBuffer): WriteBatch {
  const buffer = Buffer.from(texts);
  const numbers = new Float64Array(events.length * numbersPerEvent);
  let used = 0;
  let at = 0;
  const write = (text: string | null): number => {
    if (text === null) return -1;
    const bytes = buffer.write(text, used, 'utf8');
    used += bytes;
    return bytes;
  };
  for (const event of events) {
    numbers[at++] = kinds.idOf(event.type, event.version);
    numbers[at++] = event.recordedAtMs;
    numbers[at++] = write(event.tags);
    numbers[at++] = write(event.data);
    numbers[at++] = write(event.metadata);
    numbers[at++] = write(event.givenId);
  }
  const first = (events[0] as EncodedEvent).position;
  return { first, count: events.length, newKinds: kinds.unsaved, numbers, index: indexList(events), texts };
}

/** Goes through the events of a batch. */
export class BatchReader {
  readonly #batch: WriteBatch;
  readonly #buffer: Buffer;
  #row = 0;
  #used = 0;

  constructor(batch: WriteBatch) {
    this.#batch = batch;
    this.#buffer = Buffer.from(batch.texts);
  }

  /** The next event's row. */
  next(): EventRow {
    const { first, numbers } = this.#batch;
    const at = this.#row * numbersPerEvent;
    const position = first + this.#row++;
    const tags = this.#text(numbers[at + 2] as number) as string;
    const data = this.#text(numbers[at + 3] as number) as string;
    const metadata = this.#text(numbers[at + 4] as number);
    const givenId = this.#text(numbers[at + 5] as number);
    return [position, numbers[at] as number, numbers[at + 1] as number, givenId, tags, data, metadata];
  }

  #text(bytes: number): string | null {
    if (bytes < 0) return null;
    const begin = this.#used;
    this.#used += bytes;
    return this.#buffer.toString('utf8', begin, this.#used);
  }
}

/** Calls `each` for every event: its hashes lie between `begin` and `end` of the list, its data has so many bytes, roughly. */
export function forEachIndexed(index: IndexList, each: (begin: number, end: number, bytes: number) => void): void {
  for (let at = 0; at < index.length; ) {
    const begin = at + 2;
    const end = begin + (index[at + 1] as number);
    each(begin, end, index[at] as number);
    at = end;
  }
}

export function indexList(events: readonly EncodedEvent[]): IndexList {
  let length = 0;
  for (const { hashes } of events) length += 2 + hashes.length;
  const list = new Uint32Array(length);
  let at = 0;
  for (const { data, hashes } of events) {
    list[at++] = data.length;
    list[at++] = hashes.length;
    for (const hash of hashes) list[at++] = hash;
  }
  return list;
}
