import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import type { EncodedEvent } from '../event-codec.js';
import type { EventKinds, NumberedKind } from './event-kinds.js';
import type { EventRow } from './event-rows.js';

/** Events of one statement: fewer calls into SQLite, and it stays in its loop. */
const rowsPerStatement = 50;
const columns = 7;

/** What is written in one transaction. */
export interface InsertedBatch {
  /** The position of the first event; the others follow. */
  readonly first: number;
  readonly count: number;
  /** Kinds that may not be in the file yet. */
  readonly newKinds: readonly NumberedKind[];
}

/** Gives the rows of a batch, one after the other. */
export type NextRow = () => EventRow;

/** Writes batches into the table `events`. */
export class BatchInsert {
  readonly #many: SqliteStatement;
  readonly #one: SqliteStatement;
  readonly #kind: SqliteStatement;
  readonly #lastPosition: SqliteStatement;
  readonly #run: (batch: InsertedBatch, next: NextRow) => void;
  /** The position of the last event in the file, unless another connection has written since. */
  #last: number;

  constructor(db: Sqlite) {
    const row = `(${Array(columns).fill('?').join(', ')})`;
    this.#many = db.prepare(`INSERT INTO events VALUES ${Array(rowsPerStatement).fill(row).join(', ')}`);
    this.#one = db.prepare(`INSERT INTO events VALUES ${row}`);
    this.#kind = db.prepare('INSERT OR IGNORE INTO event_kinds (id, type, version) VALUES (?, ?, ?)');
    this.#run = db.transaction((batch: InsertedBatch, next: NextRow) => this.#insert(batch, next)).immediate;
    this.#lastPosition = db.prepare('SELECT max(position) FROM events').pluck();
    this.#last = this.#readLast();
  }

  /**
   * Writes a batch in a transaction. One that does not follow on the last one is refused: it was sent before the sender
   * knew that the one before had failed.
   */
  write(batch: InsertedBatch, next: NextRow): void {
    if (batch.first !== this.#last + 1) this.#last = this.#readLast();
    if (batch.first !== this.#last + 1) throw new Error(`Position ${batch.first} does not follow on ${this.#last}.`);
    const last = this.#last + batch.count;
    try {
      this.#run(batch, next);
    } catch (error) {
      // Only the file knows whether a commit that failed took place.
      if (this.#readLast() !== last) throw error;
    }
    this.#last = last;
  }

  #readLast(): number {
    return (this.#lastPosition.get() as number | null) ?? 0;
  }

  #insert({ newKinds, count }: InsertedBatch, next: NextRow): void {
    for (const { id, type, version } of newKinds) this.#kind.run(id, type, version);
    let left = count;
    for (; left >= rowsPerStatement; left -= rowsPerStatement) {
      const values: unknown[] = [];
      for (let i = 0; i < rowsPerStatement; i++) values.push(...next());
      this.#many.run(values);
    }
    for (; left > 0; left--) this.#one.run(next());
  }
}

/** The rows of encoded events. */
export function rowsOf(events: readonly EncodedEvent[], kinds: EventKinds): NextRow {
  const rows = events.map(
    (event): EventRow => [
      event.position,
      kinds.idOf(event.type, event.version),
      event.recordedAtMs,
      event.givenId,
      event.tags,
      event.data,
      event.metadata,
    ],
  );
  let index = 0;
  return () => rows[index++] as EventRow;
}
