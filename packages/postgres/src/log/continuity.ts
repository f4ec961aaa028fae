import type { EventCodec, RecentEvents } from 'carillon/adapters';
import { allEvents } from 'carillon/log';
import type { Archive } from './archive.js';
import { type EventRow, storedEvent } from './event-rows.js';
import { LogSetBackError } from './log-set-back-error.js';

/** How often it is checked that the log still has what was seen in it, while nothing is appended, in milliseconds. */
const checkHeadMs = 1_000;

/** What is compared. */
export interface ContinuityParts {
  readonly archive: Archive;
  readonly codec: EventCodec;
  readonly recent: RecentEvents;
  /** Up to where the log is durable, as far as this process knows. */
  readonly durable: () => number;
}

/** Looks whether the database still has the log that this process knows: it may be another database, or the same as it once was. */
export class Continuity {
  readonly #parts: ContinuityParts;
  /** Why the log can no longer be used. */
  #broken: LogSetBackError | undefined;
  #checkHeadAt = 0;
  /** Whether there are new connections, and it was not looked since where they lead. */
  #isInDoubt = false;

  constructor(parts: ContinuityParts) {
    this.#parts = parts;
  }

  /** @throws LogSetBackError when the database does not have the log that this process knows any more */
  check(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Says that somebody else has seen that. */
  isBroken(by: LogSetBackError): void {
    this.#broken = by;
  }

  /** Says that a connection was made by which events are read. */
  connected(): void {
    this.#isInDoubt = true;
  }

  /** Whether the head was not checked for long. */
  get isDue(): boolean {
    return performance.now() > this.#checkHeadAt;
  }

  /** The head of the log in the database, which never goes back behind one that was seen. @throws LogSetBackError */
  async checkedHead(known = this.#parts.durable()): Promise<number> {
    this.#checkHeadAt = performance.now() + checkHeadMs;
    const { head } = await this.#parts.archive.extent();
    if (head >= known) return head;
    this.#broken = new LogSetBackError({ found: head, known });
    throw this.#broken;
  }

  /** Where there are new connections, compares the newest event that is certain with what the database has in its place. @throws LogSetBackError */
  async checkNewest(): Promise<void> {
    if (!this.#isInDoubt) return;
    this.#isInDoubt = false;
    try {
      const row = await this.#parts.archive.at(this.#parts.durable());
      if (row !== undefined) this.compare(row);
      else await this.checkedHead();
    } catch (error) {
      this.#isInDoubt = true;
      throw error;
    }
  }

  /** @throws LogSetBackError if a row is not the event that this process has seen at its position */
  compare(row: EventRow): void {
    const found = this.#parts.codec.decode(storedEvent(row));
    const [known] = this.#parts.recent.find(allEvents, found.position - 1, found.position, 1);
    // When it was just opened, it may have no event in memory.
    if (known === undefined || (known.id === found.id && known.type === found.type)) return;
    this.#broken = new LogSetBackError({ replaced: found.position });
    throw this.#broken;
  }
}
