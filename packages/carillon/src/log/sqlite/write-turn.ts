/**
 * Whose turn it is to write into the file: two threads of one process do. SQLite would keep them apart, too, but lets the
 * one that comes second sleep; here it can do something else instead.
 */
export class WriteTurn {
  readonly #taken: Int32Array;

  /** @param memory `WriteTurn.memory()`, the same in both threads */
  constructor(memory: SharedArrayBuffer) {
    this.#taken = new Int32Array(memory);
  }

  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  }

  /** Takes the turn if nobody has it. Says whether it did. */
  tryTake(): boolean {
    return Atomics.compareExchange(this.#taken, 0, 0, 1) === 0;
  }

  /** Waits for the turn, does something, gives it back. Not for a thread that must not be held up. */
  during<T>(work: () => T): T {
    while (!this.tryTake()) Atomics.wait(this.#taken, 0, 1);
    try {
      return work();
    } finally {
      this.giveBack();
    }
  }

  giveBack(): void {
    Atomics.store(this.#taken, 0, 0);
    Atomics.notify(this.#taken, 0);
  }
}
