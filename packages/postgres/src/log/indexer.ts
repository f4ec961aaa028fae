import type pg from 'pg';
import { type IndexExtent, IndexTables } from './index-tables.js';
import { segmentEvents } from './log-schema.js';
import { type HashesAt, SegmentPostings } from './segment-postings.js';

/** When another process is at it, it is looked again after so many events: asking at every batch would keep the database busy. */
const patienceEvents = segmentEvents / 8;

/** At least so many rows of the index are written at a time. */
const minRows = 256;

/** So much faster than the log grows its index is written, so that it is done before the next segment is full. */
const haste = 1.5;

/** When nothing is appended, the next rows are written after so many milliseconds. */
const restMs = 2;

/** What an indexer works with. */
export interface IndexerParts {
  readonly pool: Pick<pg.Pool, 'connect'>;
  /** The schema, quoted. */
  readonly schema: string;
  /** How many segments are indexed. */
  readonly segments: number;
  /** Of events that are not indexed yet. */
  readonly hashesAt: HashesAt;
}

/**
 * Writes the index of the log behind it, a segment at a time: the process that filled the segment, or another one after a while. It does so in many
 * small pieces, each as soon as a batch of appends is written: at that moment the database has nothing to do, because those who
 * wait for the batch are at work. Written in one go it would keep a processor busy for so long that appends are felt to stand still.
 */
export class Indexer {
  readonly #parts: IndexerParts;
  #segments: number;
  #indexing: Promise<void> | undefined;
  #head = 0;
  #askFrom = 0;
  /** What another process had written when it was looked last. */
  #seen: IndexExtent | undefined;
  /** Begins the next piece. */
  #next: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: IndexerParts) {
    this.#parts = parts;
    this.#segments = parts.segments;
  }

  /** Events up to this position are found by the index. */
  get indexedThrough(): number {
    return this.#segments * segmentEvents;
  }

  /** Says that the log has grown to `head` by events of this process. */
  index(head: number): void {
    if (this.#fills(head)) this.#askFrom = 0;
    this.#grow(head);
  }

  /** Says that the log has grown to `head` by events of others: what they have filled, they index, unless they have died. */
  follow(head: number): void {
    if (this.#fills(head)) this.#askFrom = head + patienceEvents;
    this.#grow(head);
  }

  /** Whether the next segment is full when the log reaches `head`, and was not before. */
  #fills(head: number): boolean {
    const end = this.indexedThrough + segmentEvents;
    return this.#head < end && head >= end;
  }

  #grow(head: number): void {
    if (head > this.#head) this.#head = head;
    this.#next?.();
    if (this.#isClosed || this.#indexing !== undefined || !this.#isDue) return;
    // What cannot be indexed now is when the log has grown farther: until then its events are in memory.
    this.#indexing = this.#run()
      .catch(() => this.#waitForEvents())
      .finally(() => {
        this.#indexing = undefined;
      });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#next?.();
    await this.#indexing;
  }

  get #isDue(): boolean {
    return this.#head >= Math.max(this.indexedThrough + segmentEvents, this.#askFrom);
  }

  #waitForEvents(): void {
    this.#askFrom = this.#head + patienceEvents;
  }

  async #run(): Promise<void> {
    const client = await this.#parts.pool.connect();
    let isBroken = true;
    try {
      const tables = new IndexTables(client, this.#parts.schema);
      while (this.#isDue && !this.#isClosed) if (!(await this.#indexNext(tables))) this.#waitForEvents();
      isBroken = false;
    } finally {
      client.release(isBroken);
    }
  }

  /** Says whether the index reaches farther afterwards; if not, another process is at it. */
  async #indexNext(tables: IndexTables): Promise<boolean> {
    let extent = await tables.extent();
    if (this.#isAhead(extent)) return true;
    if (this.#isElsewhere(extent)) return false;
    const postings = new SegmentPostings(this.#segments, this.#parts.hashesAt);
    for (let head = this.#head; !this.#isClosed; ) {
      const from = extent.written;
      const to = Math.min(postings.rows, from + this.#pieceOf(postings.rows, this.#head - head));
      head = this.#head;
      extent = await this.#atNextBatch(() => tables.write(postings, from, to));
      if (this.#isAhead(extent)) return true;
      if (extent.written !== to) break;
    }
    this.#seen = extent;
    return false;
  }

  #isAhead({ segments }: IndexExtent): boolean {
    if (segments <= this.#segments) return false;
    this.#segments = segments;
    this.#seen = undefined;
    return true;
  }

  /** Whether another process has written a part of it, and more of it than when it was looked last. */
  #isElsewhere(extent: IndexExtent): boolean {
    const isElsewhere = extent.written > 0 && extent.written !== this.#seen?.written;
    this.#seen = extent;
    return isElsewhere;
  }

  /** How many rows are written at a time, when the log has grown by so many events since the last. */
  #pieceOf(rows: number, grown: number): number {
    return Math.max(minRows, Math.ceil((rows * grown * haste) / segmentEvents));
  }

  /** Begins something the moment the next batch is written, or soon when none is. */
  #atNextBatch<T>(begin: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const next = () => {
        this.#next = undefined;
        clearTimeout(timer);
        begin().then(resolve, reject);
      };
      const timer = setTimeout(next, restMs);
      this.#next = next;
    });
  }
}
