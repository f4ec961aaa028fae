import type { EncodedEvent } from '../event-codec.js';
import type { EventKinds, NumberedKind } from './event-kinds.js';

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
  /** For each event the number of its hashes, and the hashes of its type and tags. */
  readonly hashes: Uint32Array;
  /** The texts in UTF-8, one after the other: tags, data, metadata and id of each event. */
  readonly texts: SharedArrayBuffer;
}

const numbersPerEvent = 6;

/** An event of a batch, in the order of the columns of `events`. */
export type BatchRow = [
  position: number,
  kind: number,
  recordedAtMs: number,
  givenId: string | null,
  tags: string,
  data: string,
  metadata: string | null,
];

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
  return { first, count: events.length, newKinds: kinds.unsaved, numbers, hashes: hashList(events), texts };
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

  /** The next event. */
  next(): BatchRow {
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

/** Calls `each` for every event of a batch: its hashes lie between `begin` and `end`, its data has so many bytes. */
export function forEachIndexed(
  { count, numbers, hashes }: WriteBatch,
  each: (begin: number, end: number, bytes: number) => void,
): void {
  let begin = 1;
  for (let row = 0; row < count; row++) {
    const end = begin + (hashes[begin - 1] as number);
    each(begin, end, numbers[row * numbersPerEvent + 3] as number);
    begin = end + 1;
  }
}

function hashList(events: readonly EncodedEvent[]): Uint32Array {
  let length = 0;
  for (const { hashes } of events) length += 1 + hashes.length;
  const list = new Uint32Array(length);
  let at = 0;
  for (const { hashes } of events) {
    list[at++] = hashes.length;
    for (const hash of hashes) list[at++] = hash;
  }
  return list;
}
