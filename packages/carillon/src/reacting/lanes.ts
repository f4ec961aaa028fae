import type { RecordedEvent } from '../definitions/event.js';

/** An event that is to be done for a key. */
export interface Delivery {
  readonly event: RecordedEvent;
  readonly key: string;
  /** How often it was tried. */
  attempts: number;
}

interface Lane<Item> {
  readonly waiting: Item[];
  /** Its first item is being done, or waits for its next attempt. */
  isTaken: boolean;
}

/** What waits for each key, in order, and whose turn it is. */
export class Lanes<Item extends { readonly key: string }> {
  readonly #lanes = new Map<string, Lane<Item>>();
  /** Keys whose first item nobody has begun. */
  readonly #ready: string[] = [];

  /** Adds something behind what waits for its key. */
  add(item: Item): void {
    const lane = this.#lanes.get(item.key);
    if (lane !== undefined) {
      lane.waiting.push(item);
      return;
    }
    this.#lanes.set(item.key, { waiting: [item], isTaken: false });
    this.#ready.push(item.key);
  }

  /** What may be begun next; its key then waits for `release` or `finish`. */
  next(): Item | undefined {
    for (;;) {
      const key = this.#ready.shift();
      if (key === undefined) return undefined;
      const lane = this.#lanes.get(key);
      if (lane === undefined || lane.isTaken) continue;
      lane.isTaken = true;
      return lane.waiting[0];
    }
  }

  /** The first item of the key may be begun (again). */
  release(key: string): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined) return;
    lane.isTaken = false;
    if (lane.waiting.length === 0) this.#lanes.delete(key);
    else this.#ready.push(key);
  }

  /** The first item of the key is done. */
  finish(key: string): void {
    this.#lanes.get(key)?.waiting.shift();
    this.release(key);
  }

  /** Takes out everything that waits for a key. */
  remove(key: string): readonly Item[] {
    const waiting = this.#lanes.get(key)?.waiting ?? [];
    this.#lanes.delete(key);
    return waiting;
  }
}
