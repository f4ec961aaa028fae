/** What is closed after the time is up has so long at least, in milliseconds: most of it needs less. */
const leastMs = 100;

/**
 * Closes things one after the other, each in any case. Where there is a limit, what has not ended in time is left alone: a database that
 * is away must not keep the process.
 */
export class Closing {
  readonly #deadlineMs: number;
  readonly #unfinished: string[] = [];
  readonly #errors: unknown[] = [];

  /** @param limitMs how long all of it may take */
  constructor(limitMs: number | undefined) {
    this.#deadlineMs = limitMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + limitMs;
  }

  /** What has not ended in time. */
  get unfinished(): readonly string[] {
    return this.#unfinished;
  }

  /** Closes one thing. Resolves when it is closed, or its time is up. */
  async end(what: string, close: () => Promise<unknown> | undefined): Promise<void> {
    const leftMs = Math.max(leastMs, this.#deadlineMs - performance.now());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      if (leftMs < Number.POSITIVE_INFINITY) timer = setTimeout(resolve, leftMs, 'late');
    });
    try {
      if ((await Promise.race([close(), late])) === 'late') this.#unfinished.push(what);
    } catch (error) {
      this.#errors.push(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws the first error of what was closed */
  check(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }
}
