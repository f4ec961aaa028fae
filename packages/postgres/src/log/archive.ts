import type { RecordedEvent } from 'carillon';
import { type ArchiveRange, type EventCodec, type LogQuery, matches } from 'carillon/adapters';
import type pg from 'pg';
import { statementName } from '../connection/schema-name.js';
import { Absence } from './absence.js';
import { type EventRow, eventColumns, followingEvents, storedEvent } from './event-rows.js';
import { maxForeignEvents, segmentEvents } from './log-schema.js';
import { storedOffsets } from './segment-postings.js';
import { type Sought, soughtBy } from './sought.js';

/** So many segments of the index are looked through at a time. */
const segmentsPerLook = 16;

interface PostingRow {
  readonly hash: number;
  readonly segment: number;
  readonly offsets: Buffer;
}

/** What an archive reads with. */
export interface ArchiveParts {
  /** A pool, or the one connection whose transaction counts. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** The schema, quoted. */
  readonly schema: string;
  readonly codec: EventCodec;
}

/** Reads events in the database: those whose segments are indexed by the index, others by looking at each. */
export class Archive {
  readonly #pool: Pick<pg.Pool, 'query'>;
  readonly #schema: string;
  readonly #codec: EventCodec;
  readonly #absence: Absence;

  constructor({ pool, schema, codec }: ArchiveParts) {
    this.#absence = new Absence(pool, schema, codec.hash);
    this.#pool = pool;
    this.#schema = schema;
    this.#codec = codec;
  }

  /** The next events after a position, in order: none only if there are none, and not too many bytes. */
  async following(after: number): Promise<readonly EventRow[]> {
    return this.#select('following', followingEvents(this.#schema), [after, maxForeignEvents]);
  }

  /** The event at a position; undefined when there is none. */
  async at(position: number): Promise<EventRow | undefined> {
    const [row] = await this.#rows('at', 'position = ANY($1::bigint[])', [[position]]);
    return row;
  }

  /** Up to which position the index reaches, and where the log ends. */
  async extent(): Promise<{ readonly indexedThrough: number; readonly head: number }> {
    const { rows } = await this.#pool.query<any>({
      name: statementName('extent', this.#schema),
      text: `SELECT segments, position::float8 FROM ${this.#schema}.log_index, ${this.#schema}.log_head`,
      rowMode: 'array',
    });
    const [segments, head] = rows[0] as unknown as [number, number];
    return { indexedThrough: segments * segmentEvents, head };
  }

  /** Whether the index may have something for a query; when not, it certainly has not. Many who ask at a time share the question. */
  mayHave(query: LogQuery): Promise<boolean> {
    return this.#absence.mayHave(query);
  }

  /** The matching events of a range that the index covers, in its direction. */
  async find(query: LogQuery, range: ArchiveRange): Promise<RecordedEvent[]> {
    const { after, before, limit, backwards } = range;
    if (after + 1 >= before || limit === 0) return [];
    if (query.items.length === 0) {
      const direction = backwards ? 'DESC' : 'ASC';
      const where = `position > $1 AND position < $2 ORDER BY position ${direction} LIMIT $3`;
      const rows = await this.#rows(`all-${direction}`, where, [after, before, limit]);
      return rows.map((row) => this.#codec.decode(storedEvent(row)));
    }
    return this.#findByIndex(query, range);
  }

  async #findByIndex(query: LogQuery, { after, before, limit, backwards }: ArchiveRange): Promise<RecordedEvent[]> {
    const sought = query.items.map((item) => soughtBy(item, this.#codec.hash));
    const found: RecordedEvent[] = [];
    let first = segmentOf(after + 1);
    let last = segmentOf(before - 1);
    while (found.length < limit && first <= last) {
      const segments = await this.#look(sought, first, last, backwards);
      for (const [segment, postings] of segments) {
        const positions = positionsIn(segment, postings, sought).filter((one) => one > after && one < before);
        if (backwards) positions.reverse();
        await this.#take(query, positions, limit, found);
        if (found.length >= limit) break;
      }
      const seen = [...segments.keys()];
      if (seen.length < segmentsPerLook) break;
      if (backwards) last = Math.min(...seen) - 1;
      else first = Math.max(...seen) + 1;
    }
    return found;
  }

  /** The index of the next segments that have any of what is sought, in the direction of the search. */
  async #look(
    sought: readonly Sought[],
    first: number,
    last: number,
    backwards: boolean,
  ): Promise<ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>> {
    const hashes = [...new Set(sought.flatMap((one) => one.hashes))];
    const direction = backwards ? 'DESC' : 'ASC';
    const postings = `${this.#schema}.postings`;
    // A segment in which one of the tags of every item is missing has nothing.
    const needsAll = sought.length === 1 && sought[0]!.needsAll;
    const { rows } = await this.#pool.query<PostingRow>({
      name: statementName(`look-${needsAll ? 'all' : 'any'}-${direction}`, this.#schema),
      text: `SELECT hash, segment, offsets FROM ${postings} WHERE hash = ANY($1::integer[]) AND segment IN (
          SELECT segment FROM ${postings} WHERE hash = ANY($1::integer[]) AND segment BETWEEN $2 AND $3
          GROUP BY segment ${needsAll ? 'HAVING count(*) = cardinality($1::integer[])' : ''}
          ORDER BY segment ${direction} LIMIT ${segmentsPerLook})
        ORDER BY segment ${direction}`,
      values: [hashes, first, last],
    });
    const segments = new Map<number, Map<number, readonly number[]>>();
    for (const { hash, segment, offsets } of rows) {
      let postingsOf = segments.get(segment);
      if (postingsOf === undefined) {
        postingsOf = new Map();
        segments.set(segment, postingsOf);
      }
      postingsOf.set(hash, storedOffsets(offsets));
    }
    return segments;
  }

  /** Adds the events at these positions that match, in the order of the positions, until there are enough. */
  async #take(query: LogQuery, positions: readonly number[], limit: number, found: RecordedEvent[]): Promise<void> {
    for (let from = 0; from < positions.length && found.length < limit; ) {
      // Few of the candidates do not match.
      const some = positions.slice(from, from + (limit - found.length));
      from += some.length;
      const rows = await this.#rows('at', 'position = ANY($1::bigint[])', [some]);
      const byPosition = new Map(rows.map((row) => [row[0], row]));
      for (const position of some) {
        const event = this.#codec.decode(storedEvent(byPosition.get(position)!));
        if (matches(query, event)) found.push(event);
      }
    }
  }

  async #rows(name: string, where: string, values: unknown[]): Promise<EventRow[]> {
    return this.#select(name, `SELECT ${eventColumns} FROM ${this.#schema}.events WHERE ${where}`, values);
  }

  async #select(what: string, text: string, values: unknown[]): Promise<EventRow[]> {
    const name = statementName(`events-${what}`, this.#schema);
    const { rows } = await this.#pool.query<any>({ name, text, values, rowMode: 'array' });
    return rows as unknown as EventRow[];
  }
}

/** The segment that a position belongs to. */
export function segmentOf(position: number): number {
  return Math.floor((position - 1) / segmentEvents);
}

/** The positions of the events in a segment that have what any of the items seeks, in order. */
function positionsIn(
  segment: number,
  postings: ReadonlyMap<number, readonly number[]>,
  sought: readonly Sought[],
): number[] {
  const offsets = new Set<number>();
  for (const { hashes, needsAll } of sought) {
    const lists = hashes.map((hash) => postings.get(hash) ?? []);
    if (!needsAll) for (const list of lists) for (const offset of list) offsets.add(offset);
    else for (const offset of common(lists)) offsets.add(offset);
  }
  return [...offsets].sort((one, other) => one - other).map((offset) => segment * segmentEvents + 1 + offset);
}

/** What is in every list. */
function common(lists: readonly (readonly number[])[]): readonly number[] {
  const [shortest = [], ...others] = [...lists].sort((one, other) => one.length - other.length);
  return others.reduce<readonly number[]>((left, list) => {
    const members = new Set(list);
    return left.filter((offset) => members.has(offset));
  }, shortest);
}
