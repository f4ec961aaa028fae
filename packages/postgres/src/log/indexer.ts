import type pg from 'pg';
import { isConnectionError } from '../connection/connection-errors.js';
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
  /** How far it was when it was looked last. */
  #seen: IndexExtent | undefined;
  /** Begins the next piece. */
  #next: (() => void) | undefined;
  #hasWarned = false;
  #isClosed = false;

  constructor(parts: IndexerParts) {
    this.#parts = parts;
    this.#segments = parts.segments;
  }

  /** Events up to this position are found by the index. */
  get indexedThrough(): number {
    return this.#segments * segmentEvents;
  }

  /**
   * Says that the log has grown to `head`.
   *
   * @param isOwn by events of this process; what others have filled, they index, unless they have died
   */
  index(head: number, isOwn: boolean): void {
    const end = this.indexedThrough + segmentEvents;
    if (this.#head < end && head >= end) this.#askFrom = isOwn ? 0 : head + patienceEvents;
    if (head > this.#head) this.#head = head;
    this.#next?.();
    if (this.#isClosed || this.#indexing !== undefined || !this.#isDue) return;
    // What cannot be indexed now is when the log has grown farther: until then its events are in memory.
    this.#indexing = this.#run()
      .catch((error: unknown) => {
        this.#warn(error);
        this.#waitForEvents();
      })
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
    let state = this.#learn(extent);
    if (state !== 'ours') return state === 'ahead';
    const postings = new SegmentPostings(this.#segments, this.#parts.hashesAt);
    for (let head = this.#head; !this.#isClosed; ) {
      const from = extent.written;
      const to = Math.min(postings.rows, from + this.#pieceOf(postings.rows, this.#head - head));
      head = this.#head;
      extent = await this.#atNextBatch(() => tables.write(postings, from, to));
      const isWritten = extent.written === to;
      state = this.#learn(extent);
      if (!isWritten) return state === 'ahead';
    }
    return false;
  }

  /**
   * Learns how far the index is. It is `ahead` when the segment is done; `elsewhere` when another process has written a part of it, and more
   * than when it was looked last.
   */
  #learn(extent: IndexExtent): 'ahead' | 'elsewhere' | 'ours' {
    const before = this.#seen;
    this.#seen = extent;
    if (extent.segments > this.#segments) {
      this.#segments = extent.segments;
      this.#hasWarned = false;
      return 'ahead';
    }
    return extent.written === 0 || extent.written === before?.written ? 'ours' : 'elsewhere';
  }

  /** Once, until it succeeds again: what is not indexed stays in memory, and somebody has to know why. */
  #warn(error: unknown): void {
    if (this.#hasWarned || this.#isClosed || isConnectionError(error)) return;
    this.#hasWarned = true;
    const message = error instanceof Error ? error.message : String(error);
    process.emitWarning(
      `The index of the log in schema ${this.#parts.schema} of PostgreSQL cannot be written, so that events stay in memory; it is tried again: ${message}`,
      { code: 'CARILLON_LOG_INDEX' },
    );
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
