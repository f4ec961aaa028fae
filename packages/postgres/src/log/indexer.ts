import type pg from 'pg';
import { segmentEvents } from './log-schema.js';

/**
 * Has the index of the log written behind it, a segment at a time, in the background: whichever process sees first that a segment is
 * full.
 */
export class Indexer {
  readonly #pool: pg.Pool;
  readonly #schema: string;
  #segments: number;
  #indexing: Promise<void> | undefined;
  #head = 0;
  #isClosed = false;

  /** @param segments how many segments are indexed */
  constructor(pool: pg.Pool, schema: string, segments: number) {
    this.#pool = pool;
    this.#schema = schema;
    this.#segments = segments;
  }

  /** Events up to this position are found by the index. */
  get indexedThrough(): number {
    return this.#segments * segmentEvents;
  }

  /** Says that the log has grown to `head`. */
  index(head: number): void {
    if (head > this.#head) this.#head = head;
    if (this.#isClosed || this.#indexing !== undefined || !this.#isDue) return;
    // What cannot be indexed now is when the log has grown farther: until then its events are in memory.
    this.#indexing = this.#run()
      .catch(() => undefined)
      .finally(() => {
        this.#indexing = undefined;
      });
  }

  /** Resolves when what was due is indexed. */
  async whenDone(): Promise<void> {
    await this.#indexing;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#indexing;
  }

  get #isDue(): boolean {
    return this.#head >= (this.#segments + 1) * segmentEvents;
  }

  async #run(): Promise<void> {
    while (this.#isDue && !this.#isClosed) {
      const { rows } = await this.#pool.query<{ segments: number | null }>(
        `SELECT ${this.#schema}.index_segment() AS segments`,
      );
      const segments = rows[0]?.segments ?? undefined;
      // Another process is at it: what it has done is seen the next time.
      if (segments === undefined || segments === this.#segments) return;
      this.#segments = segments;
    }
  }
}
