import type { Sqlite } from '../../sqlite/driver.js';
import { PostingHash } from '../posting-hash.js';
import { PageWriter } from './page-writer.js';
import { PostingBuffer } from './posting-buffer.js';
import { insertSegment, loadSegments, pageKeys, type Segment, segmentOf } from './segment.js';
import { SegmentMerge } from './segment-merge.js';

/** So many segments of one level become one of the next: every look-up of something new asks all that there are. */
export const fanIn = 4;

/** A step of merging moves so many postings, one of cleaning up deletes so many pages: a few milliseconds each. */
const postingsPerStep = 25_000;
const pagesPerStep = 250;

/** When a segment is written, at the latest. */
export interface IndexLimits {
  readonly segmentEvents: number;
  readonly segmentBytes: number;
}

/**
 * Writes the index of tags and types, behind the log: the newest events are indexed by whoever reads them, in memory or
 * by looking; when there are enough of them, their postings are sorted and written as a segment. Segments are merged in
 * levels, so that a lookup has few to look at. The file says at any moment how far the index reaches and which
 * segments it has; what a crash leaves half done is thrown away.
 */
export class IndexWriter {
  readonly #db: Sqlite;
  readonly #limits: IndexLimits;
  readonly #hash: PostingHash;
  readonly #buffer = new PostingBuffer();
  #segments: Segment[];
  /** Of the buffered postings: the position of the first event, the number of events, their bytes. */
  #first: number;
  #count = 0;
  #bytes = 0;
  #nextId: number;
  #merge: SegmentMerge | undefined;
  /** Segments that nobody needs any more, or that were never finished: their pages are deleted bit by bit. */
  readonly #garbage: number[] = [];

  constructor(db: Sqlite, hashSeed: number, limits: IndexLimits) {
    this.#db = db;
    this.#limits = limits;
    this.#hash = new PostingHash(hashSeed);
    this.#segments = loadSegments(db);
    this.#first = this.indexedThrough + 1;
    this.#garbage.push(...this.#findOrphans());
    this.#nextId = Math.max(0, ...this.#segments.map(({ id }) => id), ...this.#garbage) + 1;
    this.#catchUp();
  }

  /** The position through which there are segments. */
  get indexedThrough(): number {
    return this.#segments[this.#segments.length - 1]?.last ?? 0;
  }

  /** Takes note of the next durable event. The hashes of its type and tags lie in the list between `begin` and `end`. */
  add(hashes: ArrayLike<number>, bytes: number, begin = 0, end = hashes.length): void {
    for (let i = begin; i < end; i++) this.#buffer.add(hashes[i] as number, this.#count);
    this.#count++;
    this.#bytes += bytes;
  }

  /** Whether `step` has something to do. */
  get hasWork(): boolean {
    return this.#isFlushDue || this.#merge !== undefined || this.#garbage.length > 0 || this.#mergeable() !== undefined;
  }

  /** Does a piece of work, in a transaction of its own. Says whether there is a new segment. */
  step(): boolean {
    if (this.#isFlushDue) {
      this.#flush();
      return true;
    }
    const mergeable = this.#mergeable();
    if (this.#merge === undefined && mergeable !== undefined) {
      this.#merge = new SegmentMerge(this.#db, this.#nextId++, mergeable);
    }
    if (this.#merge !== undefined) return this.#advance(this.#merge);
    this.#cleanUp();
    return false;
  }

  get #isFlushDue(): boolean {
    return this.#count >= this.#limits.segmentEvents || this.#bytes >= this.#limits.segmentBytes;
  }

  #flush(): void {
    const frame = { id: this.#nextId++, first: this.#first, last: this.#first + this.#count - 1, level: 0 };
    const segment = this.#db.transaction(() => {
      const writer = new PageWriter(this.#db, frame);
      this.#buffer.forEachSorted((hash, offset) => writer.add(hash, offset));
      const finished = writer.finish();
      insertSegment(this.#db, finished);
      return finished;
    })();
    this.#segments.push(segment);
    this.#buffer.clear();
    this.#first = segment.last + 1;
    this.#count = 0;
    this.#bytes = 0;
  }

  /** The oldest neighbours of one level that are enough to be merged. */
  #mergeable(): Segment[] | undefined {
    let run: Segment[] = [];
    for (const segment of this.#segments) {
      run = run[0]?.level === segment.level ? [...run, segment] : [segment];
      if (run.length === fanIn) return run;
    }
    return undefined;
  }

  #advance(merge: SegmentMerge): boolean {
    try {
      const merged = this.#db.transaction(() => {
        const segment = merge.advance(postingsPerStep);
        if (segment !== undefined) this.#replace(merge.inputs, segment);
        return segment;
      })();
      if (merged === undefined) return false;
      this.#segments = loadSegments(this.#db, this.#segments);
      this.#garbage.push(...merge.inputs.map(({ id }) => id));
      this.#merge = undefined;
      return true;
    } catch (error) {
      // It was undone in part, and cannot go on: its pages are garbage, and a new merge begins later.
      this.#garbage.push(merge.id);
      this.#merge = undefined;
      throw error;
    }
  }

  #replace(inputs: readonly Segment[], merged: Segment): void {
    const remove = this.#db.prepare('DELETE FROM index_segments WHERE id = ?');
    for (const { id } of inputs) remove.run(id);
    insertSegment(this.#db, merged);
  }

  #cleanUp(): void {
    const id = this.#garbage[0];
    if (id === undefined) return;
    const [from, before] = pageKeys(id);
    const { changes } = this.#db
      .prepare(
        'DELETE FROM index_pages WHERE page IN (SELECT page FROM index_pages WHERE page >= ? AND page < ? ORDER BY page LIMIT ?)',
      )
      .run(from, before, pagesPerStep);
    if (changes < pagesPerStep) this.#garbage.shift();
  }

  /** Pages of segments that are not in the list: a merge that a crash interrupted, or its inputs. */
  #findOrphans(): number[] {
    const listed = new Set(this.#segments.map(({ id }) => id));
    const next = this.#db.prepare('SELECT page FROM index_pages WHERE page >= ? ORDER BY page LIMIT 1').pluck();
    const orphans: number[] = [];
    let from = 0;
    for (;;) {
      const page = next.get(from) as number | undefined;
      if (page === undefined) return orphans;
      const id = segmentOf(page);
      if (!listed.has(id)) orphans.push(id);
      from = pageKeys(id)[1];
    }
  }

  /** Indexes what was written after the last segment. */
  #catchUp(): void {
    const rows = this.#db
      .prepare(
        'SELECT type, tags, length(data) FROM events JOIN event_kinds ON event_kinds.id = kind WHERE position > ? ORDER BY position LIMIT ?',
      )
      .raw();
    for (;;) {
      const after = this.#first + this.#count - 1;
      const batch = rows.all(after, 10_000) as [type: string, tags: string, bytes: number][];
      for (const [type, tags, bytes] of batch) {
        const hashes = (JSON.parse(tags) as string[]).map((tag) => this.#hash.ofTag(tag));
        this.add([this.#hash.ofType(type), ...hashes], bytes);
      }
      if (this.#isFlushDue) this.#flush();
      if (batch.length < 10_000) return;
    }
  }
}
