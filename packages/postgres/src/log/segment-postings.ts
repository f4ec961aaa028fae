import { segmentEvents } from './log-schema.js';

/** Gives the hashes of the type and of the tags of the event at a position. */
export type HashesAt = (position: number, visit: (hash: number) => void) => void;

/**
 * The index of one segment of the log: which of its events have which hashes of types and tags, a row for each hash. It follows from
 * the events alone, so it is the same, row by row, in every process.
 */
export class SegmentPostings {
  readonly segment: number;
  /** Hash and offset in one number, so that sorting them needs no comparison of ours. */
  readonly #sorted: Float64Array;
  /** Where each row begins; at the end, where the last one ends. */
  readonly #starts: readonly number[];

  constructor(segment: number, hashesAt: HashesAt) {
    this.segment = segment;
    this.#sorted = sortedPostings(segment * segmentEvents + 1, hashesAt);
    this.#starts = rowStarts(this.#sorted);
  }

  /** How many rows there are. */
  get rows(): number {
    return this.#starts.length - 1;
  }

  /** Rows as `index_postings` takes them: hashes as an array, and for each its offsets as hexadecimal text, separated by blanks. */
  columns(from: number, to: number): readonly [hashes: string, offsetLists: string] {
    let hashes = '';
    let lists = '';
    for (let row = from; row < to; row++) {
      const start = this.#starts[row]!;
      const end = this.#starts[row + 1]!;
      hashes += `${row === from ? '' : ','}${storedHash(Math.floor(this.#sorted[start]! / segmentEvents))}`;
      if (row > from) lists += ' ';
      for (let n = start; n < end; n++) lists += offsetTexts[this.#sorted[n]! % segmentEvents]!;
    }
    return [`{${hashes}}`, lists];
  }
}

/** A hash as it is stored: PostgreSQL has no numbers without a sign. */
export function storedHash(hash: number): number {
  return hash | 0;
}

/** The offsets of a row as they are stored: two bytes each. */
export function storedOffsets(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, n) => bytes.readUInt16BE(2 * n));
}

const offsetTexts = Array.from({ length: segmentEvents }, (_, offset) => offset.toString(16).padStart(4, '0'));

function sortedPostings(first: number, hashesAt: HashesAt): Float64Array {
  const postings: number[] = [];
  let offset = 0;
  const add = (hash: number) => postings.push(hash * segmentEvents + offset);
  for (; offset < segmentEvents; offset++) hashesAt(first + offset, add);
  // An event may have a hash twice: two tags may share one.
  return Float64Array.from(postings)
    .sort()
    .filter((posting, n, sorted) => posting !== sorted[n - 1]);
}

function rowStarts(sorted: Float64Array): number[] {
  const starts: number[] = [];
  let last = -1;
  for (let n = 0; n < sorted.length; n++) {
    const hash = Math.floor(sorted[n]! / segmentEvents);
    if (hash !== last) starts.push(n);
    last = hash;
  }
  starts.push(sorted.length);
  return starts;
}
