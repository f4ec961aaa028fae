import type { Sqlite } from '../../sqlite/driver.js';
import { PageWriter, type SegmentFrame } from './page-writer.js';
import { PageReader } from './posting-cursor.js';
import type { PostingPage } from './posting-page.js';
import type { Segment } from './segment.js';

/** Goes through the postings of a segment, in their order. */
class SegmentScan {
  /** Of the current posting; -1 at the end. */
  hash = -1;
  /** Counted from the first position of the merged segment. */
  offset = 0;
  readonly #pages: PageReader;
  readonly #segment: Segment;
  readonly #shift: number;
  #page: PostingPage | undefined;
  #pageNumber = -1;
  #next = 0;
  #length = 0;

  constructor(pages: PageReader, segment: Segment, first: number) {
    this.#pages = pages;
    this.#segment = segment;
    this.#shift = segment.first - first;
    this.advance();
  }

  advance(): void {
    if (this.#next === this.#length && !this.#turn()) {
      this.hash = -1;
      return;
    }
    const page = this.#page as PostingPage;
    const i = this.#next++;
    if (page.kind === 'pairs') {
      this.offset = (page.pairs[i * 2] as number) + this.#shift;
      this.hash = page.pairs[i * 2 + 1] as number;
    } else {
      this.offset = (page.offsets[i] as number) + this.#shift;
      this.hash = this.#segment.fences[this.#pageNumber * 2] as number;
    }
  }

  #turn(): boolean {
    if (++this.#pageNumber >= this.#segment.fences.length / 2) return false;
    this.#page = this.#pages.get(this.#segment, this.#pageNumber);
    this.#next = 0;
    this.#length = this.#page.kind === 'pairs' ? this.#page.pairs.length / 2 : this.#page.offsets.length;
    return true;
  }
}

/** Merges neighbouring segments into one, a little at a time. */
export class SegmentMerge {
  readonly id: number;
  readonly inputs: readonly Segment[];
  readonly #writer: PageWriter;
  #scans: SegmentScan[];

  /** @param inputs in the order of their events, without gaps between them */
  constructor(db: Sqlite, id: number, inputs: readonly Segment[]) {
    const oldest = inputs[0] as Segment;
    const newest = inputs[inputs.length - 1] as Segment;
    const frame: SegmentFrame = { id, first: oldest.first, last: newest.last, level: oldest.level + 1 };
    const pages = new PageReader(db);
    this.id = id;
    this.inputs = inputs;
    this.#writer = new PageWriter(db, frame);
    this.#scans = inputs.map((segment) => new SegmentScan(pages, segment, frame.first));
    this.#dropEnded();
  }

  /** Moves on by about `count` postings. Gives the merged segment when that was the last of them. */
  advance(count: number): Segment | undefined {
    for (let left = count; left > 0; left--) {
      let least = this.#scans[0];
      if (least === undefined) return this.#writer.finish();
      // Of equal hashes the oldest segment's come first: its offsets are the lower ones.
      for (const scan of this.#scans) if (scan.hash < least.hash) least = scan;
      this.#writer.add(least.hash, least.offset);
      least.advance();
      if (least.hash === -1) this.#dropEnded();
    }
    return undefined;
  }

  #dropEnded(): void {
    this.#scans = this.#scans.filter((scan) => scan.hash !== -1);
  }
}
