import type { Sqlite } from '../../sqlite/driver.js';
import { decodePage, type PostingPage } from './posting-page.js';
import { pageKey, type Segment } from './segment.js';

/** Offsets of events in one segment, in a fixed direction. */
export interface OffsetCursor {
  /**
   * The first offset that is not before `target`, going the cursor's way; undefined when there is none. Targets only go
   * the cursor's way.
   */
  seek(target: number): number | undefined;
}

/** A page that a segment names is not there: the segment was merged into another one, and the list is out of date. */
export class StaleSegmentsError extends Error {}

/** Fetches pages. */
export class PageReader {
  readonly #select;

  constructor(db: Sqlite) {
    this.#select = db.prepare('SELECT postings FROM index_pages WHERE page = ?').pluck();
  }

  /** @throws StaleSegmentsError */
  get(segment: Segment, page: number): PostingPage {
    const bytes = this.#select.get(pageKey(segment.id, page)) as Buffer | undefined;
    if (bytes === undefined) throw new StaleSegmentsError(`Segment ${segment.id} is gone.`);
    return decodePage(bytes);
  }
}

/** Where one hash occurs in a segment. */
export class PostingCursor implements OffsetCursor {
  readonly #pages: PageReader;
  readonly #segment: Segment;
  readonly #hash: number;
  readonly #backwards: boolean;
  #page: PostingPage | undefined;
  #pageNumber = -1;
  #found: number | undefined;
  #ended = false;

  constructor(pages: PageReader, segment: Segment, hash: number, backwards: boolean) {
    this.#pages = pages;
    this.#segment = segment;
    this.#hash = hash;
    this.#backwards = backwards;
  }

  seek(target: number): number | undefined {
    if (this.#ended) return undefined;
    if (this.#found !== undefined && (this.#backwards ? this.#found <= target : this.#found >= target))
      return this.#found;
    this.#found = this.#backwards ? this.#lastUpTo(target) : this.#firstFrom(target);
    this.#ended = this.#found === undefined;
    return this.#found;
  }

  #firstFrom(target: number): number | undefined {
    const page = this.#pageOf(target);
    const here = page < 0 ? undefined : this.#firstIn(page, target);
    // It may begin with the next page; a page's first posting is its fence.
    return here ?? (this.#fenceHash(page + 1) === this.#hash ? this.#fenceOffset(page + 1) : undefined);
  }

  #lastUpTo(target: number): number | undefined {
    const page = this.#pageOf(target);
    return page < 0 ? undefined : this.#lastIn(page, target);
  }

  #firstIn(pageNumber: number, target: number): number | undefined {
    const page = this.#load(pageNumber);
    if (page.kind === 'run') {
      if (this.#fenceHash(pageNumber) !== this.#hash) return undefined;
      return page.offsets[lowerOffset(page.offsets, target)];
    }
    const at = lowerPair(page.pairs, this.#hash, target);
    return page.pairs[at * 2 + 1] === this.#hash ? page.pairs[at * 2] : undefined;
  }

  #lastIn(pageNumber: number, target: number): number | undefined {
    const page = this.#load(pageNumber);
    if (page.kind === 'run') {
      if (this.#fenceHash(pageNumber) !== this.#hash) return undefined;
      return page.offsets[lowerOffset(page.offsets, target + 1) - 1];
    }
    const at = lowerPair(page.pairs, this.#hash, target + 1) - 1;
    return page.pairs[at * 2 + 1] === this.#hash ? page.pairs[at * 2] : undefined;
  }

  #load(pageNumber: number): PostingPage {
    if (this.#page === undefined || this.#pageNumber !== pageNumber) {
      this.#page = this.#pages.get(this.#segment, pageNumber);
      this.#pageNumber = pageNumber;
    }
    return this.#page;
  }

  /** The last page whose first posting is not beyond the target; -1 when there is none. */
  #pageOf(target: number): number {
    let low = 0;
    let high = this.#segment.fences.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const hash = this.#fenceHash(middle) as number;
      const beyond = hash > this.#hash || (hash === this.#hash && (this.#fenceOffset(middle) as number) > target);
      if (beyond) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }

  #fenceHash(page: number): number | undefined {
    return this.#segment.fences[page * 2];
  }

  #fenceOffset(page: number): number | undefined {
    return this.#segment.fences[page * 2 + 1];
  }
}

/** The index of the first offset that is not below `target`. */
function lowerOffset(offsets: Uint32Array, target: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] as number) < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the first pair that is not below (`hash`, `offset`). */
function lowerPair(pairs: Uint32Array, hash: number, offset: number): number {
  let low = 0;
  let high = pairs.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const middleHash = pairs[middle * 2 + 1] as number;
    if (middleHash < hash || (middleHash === hash && (pairs[middle * 2] as number) < offset)) low = middle + 1;
    else high = middle;
  }
  return low;
}
