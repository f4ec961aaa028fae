import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import { BatchReader, type WriteBatch } from './write-batch.js';

/** Events of one statement: fewer calls into SQLite, and it stays in its loop. */
const rowsPerStatement = 50;
const columns = 7;

/** Writes batches into the table `events`. */
export class BatchInsert {
  readonly #many: SqliteStatement;
  readonly #one: SqliteStatement;
  readonly #kind: SqliteStatement;
  readonly #lastPosition: SqliteStatement;
  readonly #run: (batch: WriteBatch) => void;
  /** The position of the last event in the file. */
  #last: number;

  constructor(db: Sqlite) {
    const row = `(${Array(columns).fill('?').join(', ')})`;
    this.#many = db.prepare(`INSERT INTO events VALUES ${Array(rowsPerStatement).fill(row).join(', ')}`);
    this.#one = db.prepare(`INSERT INTO events VALUES ${row}`);
    this.#kind = db.prepare('INSERT OR IGNORE INTO event_kinds (id, type, version) VALUES (?, ?, ?)');
    this.#run = db.transaction((batch: WriteBatch) => this.#insert(batch)).immediate;
    this.#lastPosition = db.prepare('SELECT max(position) FROM events').pluck();
    this.#last = this.#readLast();
  }

  /**
   * Writes a batch in a transaction. One that does not follow on the last one is refused: it was sent before the sender
   * knew that the one before had failed.
   */
  write(batch: WriteBatch): void {
    if (batch.first !== this.#last + 1) throw new Error(`Position ${batch.first} does not follow on ${this.#last}.`);
    const last = this.#last + batch.count;
    try {
      this.#run(batch);
    } catch (error) {
      // Only the file knows whether a commit that failed took place.
      if (this.#readLast() !== last) throw error;
    }
    this.#last = last;
  }

  #readLast(): number {
    return (this.#lastPosition.get() as number | null) ?? 0;
  }

  #insert(batch: WriteBatch): void {
    for (const { id, type, version } of batch.newKinds) this.#kind.run(id, type, version);
    const rows = new BatchReader(batch);
    let left = batch.count;
    for (; left >= rowsPerStatement; left -= rowsPerStatement) {
      const values: unknown[] = [];
      for (let i = 0; i < rowsPerStatement; i++) values.push(...rows.next());
      this.#many.run(values);
    }
    for (; left > 0; left--) this.#one.run(rows.next());
  }
}
