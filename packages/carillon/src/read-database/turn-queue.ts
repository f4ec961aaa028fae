import { ReadDatabaseClosedError, ReadDatabaseOverloadedError } from './read-database-errors.js';

/** How many may wait for their turn. */
const maxWaiting = 10_000;

/** Lets in one at a time, in the order of asking: a connection has one transaction at a time. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();
  #inside = 0;
  #isClosed = false;

  /**
   * Runs `work` when it is its turn; at once when nobody is inside.
   *
   * @throws ReadDatabaseOverloadedError when too many wait, ReadDatabaseClosedError after `close`
   */
  async take<T>(work: () => Promise<T> | T): Promise<T> {
    if (this.#isClosed) throw new ReadDatabaseClosedError();
    if (this.#inside > maxWaiting) throw new ReadDatabaseOverloadedError(this.#inside);
    return this.#enter(work);
  }

  /** Lets in those who wait, then runs `work`, then nobody. The second call does nothing. */
  async close(work: () => void): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#enter(work);
  }

  async #enter<T>(work: () => Promise<T> | T): Promise<T> {
    const before = this.#inside > 0 ? this.#last : undefined;
    let leave!: () => void;
    this.#last = new Promise((resolve) => {
      leave = resolve;
    });
    this.#inside++;
    try {
      if (before !== undefined) await before;
      return await work();
    } finally {
      this.#inside--;
      leave();
    }
  }
}
