import { setMaxListeners } from 'node:events';
import type { Cancel, Scheduler } from './scheduler.js';

/** What an activity works with. */
export interface ActivityParts {
  readonly scheduler: Scheduler;
  /** Hears what a piece of work throws. */
  readonly onError: (error: unknown) => void;
  /** Called whenever a piece of work has ended. */
  readonly onEnded: () => void;
}

/** What is under way, and what waits for its time. Once it is stopped nothing that waits is begun any more. */
export class Activity {
  readonly #parts: ActivityParts;
  readonly #stop = new AbortController();
  /** What ends each wait when it is stopped. */
  readonly #waits = new Set<() => void>();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: ActivityParts) {
    this.#parts = parts;
    // Every attempt listens for it.
    setMaxListeners(0, this.#stop.signal);
  }

  /** Aborted when it is stopped. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Whether something runs. */
  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  run(work: Promise<void>): void {
    const running: Promise<void> = work.catch(this.#parts.onError).finally(() => {
      this.#running.delete(running);
      this.#parts.onEnded();
    });
    this.#running.add(running);
  }

  /** Does something after a while, unless it is stopped before. */
  after(delayMs: number, work: () => void): void {
    if (this.isStopped) return;
    const cancel: Cancel = this.#parts.scheduler.after(delayMs, () => {
      this.#waits.delete(cancel);
      work();
    });
    this.#waits.add(cancel);
  }

  /** Resolves after a while, or as soon as it is stopped: who stops it waits for what pauses. */
  pause(delayMs: number): Promise<void> {
    if (this.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        this.#waits.delete(end);
        resolve();
      };
      const cancel = this.#parts.scheduler.after(delayMs, end);
      this.#waits.add(end);
    });
  }

  stop(reason: Error): void {
    this.#stop.abort(reason);
    for (const end of this.#waits) end();
  }

  /** Resolves when all that runs now has ended. */
  async ended(): Promise<void> {
    await Promise.allSettled([...this.#running]);
  }
}
