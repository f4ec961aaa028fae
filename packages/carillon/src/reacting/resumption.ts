import type { RecordedEvent } from '../definitions/event.js';
import type { Log } from '../log/log.js';
import type { Delivery } from './lanes.js';
import type { Work } from './work.js';

const pageSize = 250;

/** What a key goes on with. */
export interface ResumptionParts {
  readonly log: Pick<Log, 'read'>;
  readonly work: Work;
  readonly key: string;
  /** Where the event stands that was parked. */
  readonly position: number;
  /** The key goes on with the events behind this position. */
  readonly after: number;
  /** What stands behind this one comes by itself. */
  readonly through: number;
  /** Whether an operator has given an event up for this key. */
  readonly isSkipped: (position: number) => boolean;
}

/** A key that goes on after an operator has decided: what was parked, and what has waited behind it, one event after the other. */
export class Resumption {
  readonly #parts: ResumptionParts;
  #page: RecordedEvent[] = [];
  /** Everything up to here is in the page, or was in it. */
  #read: number;
  #isLastPage = false;
  #current: Delivery | undefined;

  constructor(parts: ResumptionParts) {
    this.#parts = parts;
    this.#read = parts.after;
  }

  get key(): string {
    return this.#parts.key;
  }

  /** Where the event stands that was parked. */
  get position(): number {
    return this.#parts.position;
  }

  /** What is to be done next, until `done` is called; undefined when nothing is left. Rejects when the log cannot be read: call it again. */
  async next(): Promise<Delivery | undefined> {
    const { key, through } = this.#parts;
    while (this.#current === undefined) {
      const event = this.#page.shift();
      if (event === undefined) {
        if (this.#isLastPage) return undefined;
        await this.#turnPage();
      } else if (event.position > through) {
        return undefined;
      } else if (this.#isDue(event)) {
        this.#current = { event, key, attempts: 0 };
      }
    }
    return this.#current;
  }

  /** The one that was next is done. */
  done(): void {
    this.#current = undefined;
  }

  async #turnPage(): Promise<void> {
    const { log, work } = this.#parts;
    const page = await log.read(work.query, { after: this.#read, limit: pageSize });
    this.#read = page.at(-1)?.position ?? this.#read;
    this.#isLastPage = page.length < pageSize;
    this.#page = [...page];
  }

  /** What was parked is done whatever its key is by now: it may have been parked because its key could not be told. */
  #isDue(event: RecordedEvent): boolean {
    const { work, key, position, isSkipped } = this.#parts;
    if (event.position !== position && !work.keysOf(event).includes(key)) return false;
    return !isSkipped(event.position);
  }
}
