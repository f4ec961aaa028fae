import type { RecordedEvent } from '../definitions/event.js';

/** An event that is to be done for a key. */
export interface Delivery {
  readonly event: RecordedEvent;
  readonly key: string;
  /** How often it was tried. */
  attempts: number;
}

interface Lane {
  readonly waiting: Delivery[];
  /** Its first delivery is being done, or waits for its next attempt, or for what came before it. */
  isTaken: boolean;
}

/** What waits for each key, in order, and whose turn it is. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  /** Keys whose first delivery nobody has begun. */
  readonly #ready: string[] = [];

  /** Adds a delivery behind those of its key. */
  add(delivery: Delivery): void {
    const lane = this.#lanes.get(delivery.key);
    if (lane !== undefined) {
      lane.waiting.push(delivery);
      return;
    }
    this.#lanes.set(delivery.key, { waiting: [delivery], isTaken: false });
    this.#ready.push(delivery.key);
  }

  /** The next delivery that may be begun; its key then waits for `release` or `finish`. */
  next(): Delivery | undefined {
    for (;;) {
      const key = this.#ready.shift();
      if (key === undefined) return undefined;
      const lane = this.#lanes.get(key);
      if (lane === undefined || lane.isTaken) continue;
      lane.isTaken = true;
      return lane.waiting[0];
    }
  }

  /** Lets nothing of a key be begun until `release`, whatever is added. */
  hold(key: string): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined) this.#lanes.set(key, { waiting: [], isTaken: true });
    else lane.isTaken = true;
  }

  /** The first delivery of the key may be begun (again). */
  release(key: string): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined) return;
    lane.isTaken = false;
    if (lane.waiting.length === 0) this.#lanes.delete(key);
    else this.#ready.push(key);
  }

  /** The first delivery of the key is done. */
  finish(key: string): void {
    this.#lanes.get(key)?.waiting.shift();
    this.release(key);
  }

  /** Takes out everything that waits for a key. */
  remove(key: string): readonly Delivery[] {
    const waiting = this.#lanes.get(key)?.waiting ?? [];
    this.#lanes.delete(key);
    return waiting;
  }
}
