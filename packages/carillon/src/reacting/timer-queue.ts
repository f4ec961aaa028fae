/** A timer that waits, of some process. */
export interface QueuedTimer {
  readonly timerId: string;
  readonly key: string;
  readonly timer: string;
  readonly dueAt: Date;
}

/** So many that were taken back stay in a queue, though it holds no others. */
const maxIdle = 1_000;

/**
 * Timers by the time at which they are due: a binary heap, from which those that were taken back drop out when they come up, or when they
 * are more than the others.
 */
export class TimerQueue {
  #heap: QueuedTimer[] = [];
  readonly #waiting = new Set<string>();

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Those that wait, in no order. */
  all(): readonly QueuedTimer[] {
    return this.#heap.filter(({ timerId }) => this.#waiting.has(timerId));
  }

  add(timer: QueuedTimer): void {
    if (this.#waiting.has(timer.timerId)) return;
    this.#waiting.add(timer.timerId);
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
  }

  /** Takes a timer out, if it waits. */
  remove(timerId: string): void {
    this.#waiting.delete(timerId);
    if (this.#heap.length <= 2 * this.#waiting.size + maxIdle) return;
    // In ascending order it is a heap, too.
    this.#heap = [...this.all()].sort((one, other) => one.dueAt.getTime() - other.dueAt.getTime());
  }

  /** The timer that is due first. */
  first(): QueuedTimer | undefined {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#waiting.has(first.timerId)) return first;
      this.#drop();
    }
    return undefined;
  }

  /** Takes out the timers that are due, at most `limit`, those that were due first before the others. */
  takeDue(now: Date, limit: number): readonly QueuedTimer[] {
    const due: QueuedTimer[] = [];
    for (let first = this.first(); first !== undefined && due.length < limit; first = this.first()) {
      if (first.dueAt > now) break;
      this.#drop();
      this.#waiting.delete(first.timerId);
      due.push(first);
    }
    return due;
  }

  #drop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(): void {
    for (let index = 0; ; ) {
      let first = index;
      for (const child of [index * 2 + 1, index * 2 + 2]) {
        if (child < this.#heap.length && this.#isBefore(child, first)) first = child;
      }
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(one: number, other: number): boolean {
    return (this.#heap[one] as QueuedTimer).dueAt < (this.#heap[other] as QueuedTimer).dueAt;
  }

  #swap(one: number, other: number): void {
    const kept = this.#heap[one] as QueuedTimer;
    this.#heap[one] = this.#heap[other] as QueuedTimer;
    this.#heap[other] = kept;
  }
}
