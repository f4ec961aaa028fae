import type { Sqlite } from '../../sqlite/driver.js';
import { FilterBuilder } from './filter-builder.js';
import { encodePairs, encodeRun, maxPairs, maxRun, minRun } from './posting-page.js';
import { pageKey, type Segment } from './segment.js';

/**
 * Every lookup asks the filters, and one that is wrong costs a look into the file: 20 bits are wrong once in a thousand times. They are
 * kept in memory: those of large segments, of which there are few, are smaller, and the largest have none.
 */
const bitsPerHash = 20;
const largeEvents = 4_194_304;
const bitsPerHashOfLarge = 14;
const maxFilterEvents = 8_388_608;

/** Which segment is being written. */
export interface SegmentFrame {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly level: number;
}

/** Cuts a sorted sequence of postings into pages, and writes them. */
export class PageWriter {
  readonly #frame: SegmentFrame;
  readonly #insert;
  readonly #fences: number[] = [];
  readonly #pairs = new Uint32Array(maxPairs * 2);
  #pairCount = 0;
  /** The offsets of the hash that is being added. */
  readonly #run = new Uint32Array(maxRun);
  #runLength = 0;
  #runHash = -1;
  /** Whether a page of the run has been written, so that the rest must go the same way. */
  #runBegun = false;
  readonly #filter: FilterBuilder | undefined;

  constructor(db: Sqlite, frame: SegmentFrame) {
    this.#frame = frame;
    this.#insert = db.prepare('INSERT INTO index_pages (page, postings) VALUES (?, ?)');
    const events = frame.last - frame.first + 1;
    if (events <= maxFilterEvents)
      this.#filter = new FilterBuilder(events > largeEvents ? bitsPerHashOfLarge : bitsPerHash);
  }

  /** How many pages were written. */
  get pageCount(): number {
    return this.#fences.length / 2;
  }

  /** Adds the next posting, in the order of hashes, then offsets. */
  add(hash: number, offset: number): void {
    if (hash !== this.#runHash) {
      this.#endRun();
      this.#runHash = hash;
      this.#filter?.add(hash);
    } else if (this.#runLength === maxRun) {
      this.#writeRun();
    }
    this.#run[this.#runLength++] = offset;
  }

  /** Writes what is left, and says what the segment is. */
  finish(): Segment {
    this.#endRun();
    this.#writePairs();
    return { ...this.#frame, fences: Uint32Array.from(this.#fences), filter: this.#filter?.finish() };
  }

  #endRun(): void {
    if (this.#runBegun || this.#runLength >= minRun) this.#writeRun();
    else for (let i = 0; i < this.#runLength; i++) this.#addPair(this.#runHash, this.#run[i] as number);
    this.#runLength = 0;
    this.#runBegun = false;
  }

  #addPair(hash: number, offset: number): void {
    if (this.#pairCount === maxPairs) this.#writePairs();
    this.#pairs[this.#pairCount * 2] = offset;
    this.#pairs[this.#pairCount * 2 + 1] = hash;
    this.#pairCount++;
  }

  #writePairs(): void {
    if (this.#pairCount === 0) return;
    const pairs = this.#pairs.subarray(0, this.#pairCount * 2);
    this.#write(pairs[1] as number, pairs[0] as number, encodePairs(pairs));
    this.#pairCount = 0;
  }

  #writeRun(): void {
    this.#writePairs();
    if (this.#runLength === 0) return;
    const offsets = this.#run.subarray(0, this.#runLength);
    this.#write(this.#runHash, offsets[0] as number, encodeRun(offsets));
    this.#runLength = 0;
    this.#runBegun = true;
  }

  #write(hash: number, offset: number, page: Uint8Array): void {
    this.#insert.run(pageKey(this.#frame.id, this.pageCount), page);
    this.#fences.push(hash, offset);
  }
}
