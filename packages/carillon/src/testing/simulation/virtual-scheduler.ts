import type { Clock } from '../../definitions/clock.js';
import type { RandomSource } from '../../random/random-source.js';
import type { Cancel, Scheduler } from '../../reacting/scheduler.js';

interface Task {
  /** What it is, for the trace. */
  readonly label: string;
  readonly atMs: number;
  readonly work: () => void;
}

/** Time that passes only when there is nothing else to do, and chance that decides what is done next. */
export class VirtualScheduler {
  readonly clock: Clock;
  readonly #random: RandomSource;
  readonly #tasks = new Set<Task>();
  #nowMs: number;

  constructor(random: RandomSource, startMs: number) {
    this.#random = random;
    this.#nowMs = startMs;
    this.clock = () => new Date(this.#nowMs);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Does something when that much time has passed, in any order with whatever else is due then. */
  after(label: string, delayMs: number, work: () => void): Cancel {
    const task = { label, atMs: this.#nowMs + Math.max(0, delayMs), work };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /**
   * Takes one of the tasks that are due; when none is, lets time pass until one is.
   *
   * @param untilMs time does not pass beyond this
   */
  next(untilMs: number): Task | undefined {
    let due = this.#due();
    if (due.length === 0) {
      const soonest = Math.min(...[...this.#tasks].map(({ atMs }) => atMs));
      if (soonest > untilMs) return undefined;
      this.#nowMs = soonest;
      due = this.#due();
    }
    const task = this.#random.pick(due);
    this.#tasks.delete(task);
    return task;
  }

  /** The same as reactions want it. What belongs to a process that has crashed is not done. */
  forProcess(isAlive: () => boolean): Scheduler {
    const whileAlive = (work: () => void) => () => {
      if (isAlive()) work();
    };
    return {
      clock: this.clock,
      after: (delayMs, work) => this.after('wait', delayMs, whileAlive(work)),
      at: (time, work) => this.after('timer', time.getTime() - this.#nowMs, whileAlive(work)),
      random: () => this.#random.below(1_000_000) / 1_000_000,
    };
  }

  #due(): Task[] {
    return [...this.#tasks].filter(({ atMs }) => atMs <= this.#nowMs);
  }
}
