import type { RecordedEvent } from '../../definitions/event.js';
import type { Sqlite } from '../../sqlite/driver.js';
import { eventIds } from '../event-id.js';
import { decodeEvent, type StoredEvent } from '../stored-event.js';

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
  readonly #idOf: (recordedAtMs: number, position: number) => string;
  readonly #kinds = new Map<number, EventKind>();
  readonly #selectOne;
  readonly #selectRange;
  readonly #selectRangeBackwards;
  readonly #selectLast;

  constructor(db: Sqlite, idSeed: string) {
    this.#db = db;
    this.#idOf = eventIds(idSeed);
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

  /** @param tags when they were decoded before */
  stored(row: EventRow, tags = tagsOf(row)): StoredEvent {
    const { type, version } = this.kindOf(row);
    return {
      position: row[0],
      type,
      version,
      tags,
      data: row[5],
      metadata: row[6],
      givenId: row[3],
      recordedAtMs: row[2],
    };
  }

  recorded(row: EventRow, tags?: readonly string[]): RecordedEvent {
    return decodeEvent(this.stored(row, tags), this.#idOf);
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

export function tagsOf(row: EventRow): readonly string[] {
  return row[4] === '[]' ? noTags : Object.freeze(JSON.parse(row[4]) as string[]);
}

const noTags: readonly string[] = Object.freeze([]);
