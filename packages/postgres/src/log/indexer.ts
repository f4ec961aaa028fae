import type pg from 'pg';
import { segmentEvents } from './log-schema.js';

/** When another process is at it, it is looked again after so many events: asking at every batch would keep the database busy. */
const patienceEvents = segmentEvents / 8;

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
  #askFrom = 0;
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
    return this.#head >= Math.max((this.#segments + 1) * segmentEvents, this.#askFrom);
  }

  async #run(): Promise<void> {
    while (this.#isDue && !this.#isClosed) {
      const { rows } = await this.#pool.query<{ segments: number | null }>(
        `SELECT ${this.#schema}.index_segment() AS segments`,
      );
      const segments = rows[0]?.segments ?? this.#segments;
      if (segments === this.#segments) {
        this.#askFrom = this.#head + patienceEvents;
        return;
      }
      this.#segments = segments;
    }
  }
}
