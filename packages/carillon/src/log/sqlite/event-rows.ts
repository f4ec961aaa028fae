import type { RecordedEvent } from '../../definitions/event.js';
import type { Sqlite } from '../../sqlite/driver.js';
import type { EventCodec, StoredEvent } from '../event-codec.js';

/** A row of the table `events`, in the order of its columns. */
export type EventRow = [
  position: number,
  kind: number,
  recordedAtMs: number,
  givenId: string | null,
  tags: string,
  data: string,
  metadata: string | null,
];

/** The type and version that many events share. */
export interface EventKind {
  readonly type: string;
  readonly version: number;
}

/** The events at some positions, as the table has them. */
export class EventRows {
  readonly #db: Sqlite;
  readonly #codec: EventCodec;
  readonly #kinds = new Map<number, EventKind>();
  readonly #selectOne;
  readonly #selectRange;
  readonly #selectRangeBackwards;
  readonly #selectLast;

  constructor(db: Sqlite, codec: EventCodec) {
    this.#db = db;
    this.#codec = codec;
    const select = 'SELECT position, kind, recorded_at, given_id, tags, data, metadata FROM events WHERE';
    this.#selectOne = db.prepare(`${select} position = ?`).raw();
    this.#selectRange = db.prepare(`${select} position > ? AND position < ? ORDER BY position LIMIT ?`).raw();
    this.#selectRangeBackwards = db
      .prepare(`${select} position > ? AND position < ? ORDER BY position DESC LIMIT ?`)
      .raw();
    this.#selectLast = db.prepare('SELECT max(position) FROM events').pluck();
  }

  /** The position of the last event; 0 when there is none. */
  last(): number {
    return (this.#selectLast.get() as number | null) ?? 0;
  }

  /** The rows with `after` < position < `before`, at most `limit`. */
  range(after: number, before: number, limit: number, backwards = false): EventRow[] {
    return (backwards ? this.#selectRangeBackwards : this.#selectRange).all(after, before, limit) as EventRow[];
  }

  /** The rows at these positions, which are ascending or descending, and all there. */
  at(positions: readonly number[]): EventRow[] {
    const first = positions[0];
    const last = positions[positions.length - 1];
    if (first === undefined || last === undefined) return [];
    const low = Math.min(first, last);
    const high = Math.max(first, last);
    // Where they lie close together, going along is cheaper than looking up each.
    if (high - low < positions.length * 2) {
      const wanted = new Set(positions);
      return this.range(low - 1, high + 1, high - low + 1, first > last).filter((row) => wanted.has(row[0]));
    }
    return positions.map((position) => this.#selectOne.get(position) as EventRow);
  }

  kindOf(row: EventRow): EventKind {
    return this.#kinds.get(row[1]) ?? this.#reloadKinds(row[1]);
  }

  stored(row: EventRow): StoredEvent {
    const { type, version } = this.kindOf(row);
    return {
      position: row[0],
      type,
      version,
      tags: row[4],
      data: row[5],
      metadata: row[6],
      givenId: row[3],
      recordedAtMs: row[2],
    };
  }

  /** @param tags its tags, when they were decoded before */
  recorded(row: EventRow, tags?: readonly string[]): RecordedEvent {
    return this.#codec.decode(this.stored(row), tags);
  }

  #reloadKinds(wanted: number): EventKind {
    for (const row of this.#db.prepare('SELECT id, type, version FROM event_kinds').all() as ({
      id: number;
    } & EventKind)[]) {
      this.#kinds.set(row.id, { type: row.type, version: row.version });
    }
    const kind = this.#kinds.get(wanted);
    if (kind === undefined) throw new Error(`The log is damaged: no type has the number ${wanted}.`);
    return kind;
  }
}
