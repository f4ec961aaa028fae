import type { RecordedEvent } from '../../definitions/event.js';
import type { Sqlite } from '../../sqlite/driver.js';
import { decodeTags, type EventCodec } from '../event-codec.js';
import { type HashedItem, hashQuery } from '../hashed-query.js';
import { type LogQuery, matches } from '../log-query.js';
import type { ArchiveRange } from '../log-storage.js';
import type { PostingHash } from '../posting-hash.js';
import type { BloomFilter } from './bloom-filter.js';
import { intersection, union } from './cursor-algebra.js';
import { type EventRow, EventRows } from './event-rows.js';
import { type OffsetCursor, PageReader, PostingCursor, StaleSegmentsError } from './posting-cursor.js';
import { loadSegments, type Segment } from './segment.js';

/** The most events that are fetched in one step. */
const chunkSize = 1_000;

/** A segment that may have matching events, and where in it. */
interface Hit {
  readonly segment: Segment;
  readonly cursor: OffsetCursor;
}

/**
 * Answers queries from the file: with the index segments as far as they reach, beyond them by looking at every event.
 * The index only proposes; every event is compared with the query itself.
 */
export class Archive {
  readonly rows: EventRows;
  readonly #db: Sqlite;
  readonly #hash: PostingHash;
  readonly #pages: PageReader;
  readonly #begin;
  readonly #commit;
  #segments: readonly Segment[] = [];

  constructor(db: Sqlite, codec: EventCodec) {
    this.#db = db;
    this.rows = new EventRows(db, codec);
    this.#hash = codec.hash;
    this.#pages = new PageReader(db);
    this.#begin = db.prepare('BEGIN');
    this.#commit = db.prepare('COMMIT');
    this.refresh();
  }

  /** The position through which there is an index. */
  get indexedThrough(): number {
    return this.#segments[this.#segments.length - 1]?.last ?? 0;
  }

  /** Takes note of new segments. */
  refresh(): void {
    this.#segments = loadSegments(this.#db, this.#segments);
  }

  /** The matching events of a range. */
  find(query: LogQuery, range: ArchiveRange): RecordedEvent[] {
    if (query.items.length === 0) return this.#scanAll(range);
    const items = hashQuery(query, this.#hash);
    for (;;) {
      try {
        return this.#search(query, items, range);
      } catch (error) {
        // Segments are merged while they are read; the list of a moment ago is then of no use, the new one is.
        if (!(error instanceof StaleSegmentsError)) throw error;
        this.refresh();
      }
    }
  }

  #scanAll({ after, before, limit, backwards }: ArchiveRange): RecordedEvent[] {
    return this.rows.range(after, before, limit, backwards).map((row) => this.rows.recorded(row));
  }

  #search(query: LogQuery, items: readonly HashedItem[], range: ArchiveRange): RecordedEvent[] {
    const found: RecordedEvent[] = [];
    const unindexedAfter = Math.max(range.after, this.indexedThrough);
    // Mostly what is looked for is new, and the filters say so without any I/O.
    if (unindexedAfter + 1 >= range.before && !this.#mayHaveAny(items, range)) return found;
    const hits = this.#hits(items, range);
    const unindexed = { ...range, after: unindexedAfter };
    this.#inTransaction(() => {
      if (range.backwards) this.#scan(query, unindexed, found);
      for (const hit of hits) this.#take(hit, query, range, found);
      if (!range.backwards) this.#scan(query, unindexed, found);
    });
    return found;
  }

  /** Whether a segment of the range may have something. Asked by every decision on something new: nothing is made for it. */
  #mayHaveAny(items: readonly HashedItem[], { after, before }: ArchiveRange): boolean {
    for (const segment of this.#segments) {
      if (segment.last > after && segment.first < before && mayHaveAny(segment, items)) return true;
    }
    return false;
  }

  /** The segments of the range that may have something, in the range's direction. */
  #hits(items: readonly HashedItem[], { after, before, backwards }: ArchiveRange): Hit[] {
    const hits: Hit[] = [];
    for (const segment of this.#segments) {
      if (segment.last <= after || segment.first >= before) continue;
      const cursor = this.#cursor(segment, items, backwards);
      if (cursor !== undefined) hits.push({ segment, cursor });
    }
    return backwards ? hits.reverse() : hits;
  }

  /** Many small reads are twice as fast in one transaction: the file is locked once, not for each. */
  #inTransaction(work: () => void): void {
    this.#begin.run();
    try {
      work();
    } finally {
      this.#commit.run();
    }
  }

  /** Looks at every event of the range: for those that are in no segment yet. */
  #scan(query: LogQuery, { after, before, limit, backwards }: ArchiveRange, found: RecordedEvent[]): void {
    let low = after;
    let high = before;
    while (found.length < limit && low + 1 < high) {
      const rows = this.rows.range(low, high, chunkSize, backwards);
      this.#takeMatching(rows, query, limit, found);
      const last = rows[rows.length - 1];
      if (last === undefined || rows.length < chunkSize) return;
      if (backwards) high = last[0];
      else low = last[0];
    }
  }

  #take({ segment, cursor }: Hit, query: LogQuery, range: ArchiveRange, found: RecordedEvent[]): void {
    const { after, before, limit, backwards } = range;
    const lowest = Math.max(after + 1, segment.first) - segment.first;
    const highest = Math.min(before - 1, segment.last) - segment.first;
    const step = backwards ? -1 : 1;
    let next: number | undefined = backwards ? highest : lowest;
    while (next !== undefined && found.length < limit) {
      const positions: number[] = [];
      const wanted = Math.min(chunkSize, limit - found.length);
      while (positions.length < wanted && next !== undefined) {
        const offset: number | undefined = cursor.seek(next);
        if (offset === undefined || offset < lowest || offset > highest) next = undefined;
        else {
          positions.push(segment.first + offset);
          next = offset + step;
        }
      }
      this.#takeMatching(this.rows.at(positions), query, limit, found);
    }
  }

  /** Undefined when the segment certainly has nothing. */
  #cursor(segment: Segment, items: readonly HashedItem[], backwards: boolean): OffsetCursor | undefined {
    const mayHave = (hash: number) => segment.filter?.mayHave(hash) !== false;
    const one = (hash: number) => new PostingCursor(this.#pages, segment, hash, backwards);
    const cursors: OffsetCursor[] = [];
    for (const { tags, types } of items) {
      for (const type of types) if (mayHave(type)) cursors.push(one(type));
      if (tags.length > 0 && tags.every(mayHave)) cursors.push(intersection(tags.map(one)));
    }
    return cursors.length === 0 ? undefined : union(cursors, backwards);
  }

  #takeMatching(rows: readonly EventRow[], query: LogQuery, limit: number, found: RecordedEvent[]): void {
    for (const row of rows) {
      if (found.length === limit) return;
      const tags = decodeTags(row[4]);
      if (matches(query, { type: this.rows.kindOf(row).type, tags })) found.push(this.rows.recorded(row, tags));
    }
  }
}

/** Whether the segment may have something for one of the items. Mostly not, so that this comes before anything is made. */
function mayHaveAny({ filter }: Segment, items: readonly HashedItem[]): boolean {
  if (filter === undefined) return true;
  for (const { tags, types } of items) {
    if (tags.length === 0) {
      for (const type of types) if (filter.mayHave(type)) return true;
    } else if (mayHaveAll(filter, tags)) {
      return true;
    }
  }
  return false;
}

function mayHaveAll(filter: BloomFilter, tags: readonly number[]): boolean {
  for (const tag of tags) if (!filter.mayHave(tag)) return false;
  return true;
}
