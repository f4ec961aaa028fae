import type { EventCodec } from 'carillon/adapters';
import type pg from 'pg';
import { statementName } from '../connection/schema-name.js';
import { hashesOfRow } from './event-rows.js';
import { segmentEvents } from './log-schema.js';
import { SegmentPostings } from './segment-postings.js';

/** How far the index is written. */
export interface IndexExtent {
  /** So many segments of the log have their part of the index. */
  readonly segments: number;
  /** So many rows of the next part are written. */
  readonly written: number;
}

/** So many rows are written at a time when nobody waits for anything else. */
const rowsAtOnce = 4_096;

/** The index of the log as it is stored. */
export class IndexTables {
  readonly #database: Pick<pg.ClientBase, 'query'>;
  readonly #schema: string;

  /**
   * @param database a pool, or one connection
   * @param schema quoted
   */
  constructor(database: Pick<pg.ClientBase, 'query'>, schema: string) {
    this.#database = database;
    this.#schema = schema;
  }

  async extent(): Promise<IndexExtent> {
    const { rows } = await this.#database.query<IndexExtent>(`SELECT segments, written FROM ${this.#schema}.log_index`);
    return rows[0]!;
  }

  /** Writes rows of the next segment, if nobody else has written any since `from`. Says what is written then. */
  async write(postings: SegmentPostings, from: number, to: number): Promise<IndexExtent> {
    const { rows } = await this.#database.query<IndexExtent>({
      name: statementName('index-postings', this.#schema),
      text: `SELECT segments, written FROM ${this.#schema}.index_postings($1, $2, $3, $4, $5)`,
      values: [postings.segment, from, ...postings.columns(from, to), to === postings.rows],
    });
    return rows[0]!;
  }

  /** Writes everything that there can be of the index. Returns how many segments have their part. */
  async complete(codec: EventCodec): Promise<number> {
    for (;;) {
      const { segments } = await this.extent();
      const hashes = await this.#hashesAfter(segments * segmentEvents, codec);
      if (hashes.length < segmentEvents) return segments;
      const first = segments * segmentEvents + 1;
      const postings = new SegmentPostings(segments, (position, visit) => hashes[position - first]!.forEach(visit));
      for (let extent = await this.extent(); extent.segments === segments; ) {
        extent = await this.write(postings, extent.written, Math.min(extent.written + rowsAtOnce, postings.rows));
      }
    }
  }

  /** Of the events of a segment that begins after a position, the hashes of their types and tags. */
  async #hashesAfter(position: number, codec: EventCodec): Promise<readonly (readonly number[])[]> {
    const text = `SELECT type, array_to_string(tags, E'\\x1e') AS tags FROM ${this.#schema}.events
      WHERE position > $1 ORDER BY position LIMIT ${segmentEvents}`;
    const { rows } = await this.#database.query<{ type: string; tags: string }>(text, [position]);
    return rows.map(({ type, tags }) => hashesOfRow(type, tags, codec.hash));
  }
}
