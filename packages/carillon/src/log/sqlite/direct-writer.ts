import type { Sqlite } from '../../sqlite/driver.js';
import type { EncodedEvent } from '../event-codec.js';
import { BatchInsert, rowsOf } from './batch-insert.js';
import type { EventKinds } from './event-kinds.js';
import type { WriteTurn } from './write-turn.js';
import { openForWriting, type WritableFile } from './writing-connection.js';

/** What is larger is worth handing to the writer thread. */
const maxEvents = 8;
const maxBytes = 65_536;

/** Commits that take longer must not hold up the thread that appends. When most of them do it pauses, and tries again. */
const slowCommitMs = 1;
const maxSlowCommits = 4;
const pauseMs = 5_000;

/**
 * Writes single small batches in the thread that appends. On a fast disk the way to the writer thread and back takes as
 * long as the commit, and when nothing else is being written there is nothing to gain by it.
 */
export class DirectWriter {
  readonly #db: Sqlite;
  readonly #insert: BatchInsert;
  readonly #turn: WriteTurn;
  #slowCommits = 0;
  #pausedUntilMs = 0;

  constructor(file: WritableFile, turn: WriteTurn) {
    this.#db = openForWriting(file);
    // The writer thread does that.
    this.#db.pragma('wal_autocheckpoint = 0');
    this.#insert = new BatchInsert(this.#db);
    this.#turn = turn;
  }

  /**
   * Writes the events and makes them durable, or does nothing when the writer thread is the better place for them.
   *
   * @returns whether it did
   * @throws what SQLite throws; then nothing was written
   */
  write(events: readonly EncodedEvent[], kinds: EventKinds): boolean {
    if (events.length > maxEvents || sizeBytes(events) > maxBytes) return false;
    const begunMs = performance.now();
    if (begunMs < this.#pausedUntilMs || !this.#turn.tryTake()) return false;
    try {
      // The numbers of kinds are given out by making the rows.
      const rows = rowsOf(events, kinds);
      const newKinds = kinds.unsaved;
      this.#insert.write({ first: (events[0] as EncodedEvent).position, count: events.length, newKinds }, rows);
      kinds.saved(newKinds);
    } finally {
      this.#turn.giveBack();
      this.#observe(performance.now() - begunMs, begunMs);
    }
    return true;
  }

  close(): void {
    this.#db.close();
  }

  /**
   * On a slow disk most commits are slow. Some are so where the processor is wanted by others, too; then the way to the writer thread and back
   * would take even longer.
   */
  #observe(tookMs: number, begunMs: number): void {
    this.#slowCommits = Math.max(0, this.#slowCommits + (tookMs > slowCommitMs ? 1 : -1));
    if (this.#slowCommits < maxSlowCommits) return;
    this.#slowCommits = 0;
    this.#pausedUntilMs = begunMs + pauseMs;
  }
}

function sizeBytes(events: readonly EncodedEvent[]): number {
  let bytes = 0;
  for (const event of events) bytes += event.sizeBytes;
  return bytes;
}
