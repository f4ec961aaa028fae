interface Waiting {
  readonly dueMs: number;
  /** Undefined when it is over. */
  giveUp: (() => void) | undefined;
}

/** How often it is looked what is due, as part of the limit, and at least, in milliseconds. */
const looksPerLimit = 20;
const minLookMs = 5;

/** Lets nobody wait for longer than a limit. One timer looks after all who wait: there are thousands a second, and nearly none is ever due. */
export class TimeLimit {
  readonly #limitMs: number;
  readonly #error: () => Error;
  /** In the order in which they are due. */
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param error what is thrown to who has waited for too long, though what was waited for goes on */
  constructor(limitMs: number, error: () => Error) {
    this.#limitMs = limitMs;
    this.#error = error;
  }

  /** The result, if it comes in time. It may come later by a twentieth of the limit. */
  within<T>(result: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        dueMs: performance.now() + this.#limitMs,
        giveUp: () => reject(this.#error()),
      };
      this.#waiting.push(waiting);
      this.#timer ??= setInterval(() => this.#look(), Math.max(minLookMs, this.#limitMs / looksPerLimit)).unref();
      result.then(
        (value) => {
          waiting.giveUp = undefined;
          resolve(value);
        },
        (error: unknown) => {
          waiting.giveUp = undefined;
          reject(error);
        },
      );
    });
  }

  #look(): void {
    const nowMs = performance.now();
    this.#waiting = this.#waiting.filter(({ giveUp, dueMs }) => {
      if (giveUp !== undefined && dueMs <= nowMs) giveUp();
      return giveUp !== undefined && dueMs > nowMs;
    });
    if (this.#waiting.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
