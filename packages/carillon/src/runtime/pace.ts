/** Passes on the latest of many values, at most once in an interval; the first at once. */
export class Pace<T> {
  readonly #intervalMs: number;
  readonly #passOn: (value: T) => void;
  #timer: NodeJS.Timeout | undefined;
  #waiting: { readonly value: T } | undefined;

  constructor(intervalMs: number, passOn: (value: T) => void) {
    this.#intervalMs = intervalMs;
    this.#passOn = passOn;
  }

  /** @param isUrgent it cannot wait for the interval */
  say(value: T, isUrgent: boolean): void {
    if (this.#timer !== undefined && !isUrgent) {
      this.#waiting = { value };
      return;
    }
    this.#waiting = undefined;
    this.#passOn(value);
    this.#timer ??= setTimeout(() => this.#goOn(), this.#intervalMs);
  }

  /** Passes nothing on any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }

  #goOn(): void {
    this.#timer = undefined;
    if (this.#waiting !== undefined) this.say(this.#waiting.value, false);
  }
}
