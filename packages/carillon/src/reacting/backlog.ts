/** The positions that are being worked on, and up to where everything is done. */
export class Backlog {
  /** How often each position is still to be done: an event can have several keys. In ascending order. */
  readonly #open = new Map<number, number>();
  #taken: number;
  #size = 0;

  /** @param position everything up to here is done */
  constructor(position: number) {
    this.#taken = position;
  }

  /** Everything up to here was taken on. */
  get taken(): number {
    return this.#taken;
  }

  /** Everything up to here is done. */
  get done(): number {
    for (const position of this.#open.keys()) return position - 1;
    return this.#taken;
  }

  /** How much is to be done. */
  get size(): number {
    return this.#size;
  }

  /** Takes a position on, to be done so many times. */
  take(position: number, times: number): void {
    this.#taken = position;
    if (times === 0) return;
    this.#open.set(position, times);
    this.#size += times;
  }

  /** Nothing is to be done up to here but what was taken on. */
  skipTo(position: number): void {
    this.#taken = Math.max(this.#taken, position);
  }

  /** One of the times is done. */
  finish(position: number): void {
    const left = (this.#open.get(position) ?? 1) - 1;
    this.#size--;
    if (left === 0) this.#open.delete(position);
    else this.#open.set(position, left);
  }
}
