import type { EncodedEvent } from 'carillon/adapters';
import type { AppendCondition, Appended } from 'carillon/log';

/** An append that is not durable yet. */
export interface PendingAppend {
  readonly events: readonly EncodedEvent[];
  readonly condition: AppendCondition | undefined;
  /** It was decided on events that are not durable themselves, and whose positions may still change. */
  readonly isSpeculative: boolean;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** The largest batch. */
const maxBatchEvents = 4_000;
const maxBatchBytes = 16_777_216;

/** What waits to be written, in order: a batch that is being written, and what comes after it. */
export class Pending {
  #inFlight: PendingAppend[] = [];
  #waiting: PendingAppend[] = [];
  #events = 0;
  #bytes = 0;

  /** How many events are not durable yet. */
  get events(): number {
    return this.#events;
  }

  /** How much memory they take, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  add(append: PendingAppend): void {
    this.#waiting.push(append);
    this.#count(append, 1);
  }

  /** Takes the next batch, if something waits. */
  take(): readonly PendingAppend[] {
    let count = 0;
    let events = 0;
    let bytes = 0;
    for (const append of this.#waiting) {
      if (count > 0 && (events + append.events.length > maxBatchEvents || bytes > maxBatchBytes)) break;
      count++;
      events += append.events.length;
      bytes += sizeOf(append);
    }
    this.#inFlight = this.#waiting.splice(0, count);
    return this.#inFlight;
  }

  /** The batch is durable, or will never be. */
  finish(): readonly PendingAppend[] {
    const finished = this.#inFlight;
    this.#inFlight = [];
    for (const append of finished) this.#count(append, -1);
    return finished;
  }

  /** Everything, in order. */
  all(): readonly PendingAppend[] {
    return [...this.#inFlight, ...this.#waiting];
  }

  /** Keeps only those that pass. */
  keep(passes: (append: PendingAppend) => boolean): void {
    this.#inFlight = this.#kept(this.#inFlight, passes);
    this.keepWaiting(passes);
  }

  /** Keeps the whole batch, and of what comes after it only those that pass. */
  keepWaiting(passes: (append: PendingAppend) => boolean): void {
    this.#waiting = this.#kept(this.#waiting, passes);
  }

  /** What of the batch is left. */
  get batch(): readonly PendingAppend[] {
    return this.#inFlight;
  }

  #kept(appends: PendingAppend[], passes: (append: PendingAppend) => boolean): PendingAppend[] {
    return appends.filter((append) => {
      if (passes(append)) return true;
      this.#count(append, -1);
      return false;
    });
  }

  #count(append: PendingAppend, sign: 1 | -1): void {
    this.#events += sign * append.events.length;
    this.#bytes += sign * sizeOf(append);
  }
}

function sizeOf({ events }: PendingAppend): number {
  let bytes = 0;
  for (const event of events) bytes += event.sizeBytes;
  return bytes;
}
