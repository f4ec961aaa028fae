import type { ReadModelState } from '../read-database/read-database.js';
import { notBegun } from '../read-database/stored-build.js';
import { ReadModelBehindError, ReadModelBuildingError, ReadModelFailedError } from './querying-errors.js';

/** A read model moved, stopped, or goes on. */
export interface Move extends ReadModelState {
  readonly readModel: string;
  /** The tables that changed on the way, by their declared names. */
  readonly tables: readonly string[];
}

/** What may be said with a wait. */
export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The longest that a timer of Node can wait, in milliseconds: some 25 days. */
const maxTimerMs = 2 ** 31 - 1;

/** Knows where every read model stands, and lets those wait who need one to be farther. */
export class ReadModelPositions {
  readonly #states = new Map<string, ReadModelState>();
  readonly #listeners = new Set<(move: Move) => void>();

  constructor(initial: Iterable<readonly [name: string, state: ReadModelState]>) {
    for (const [name, state] of initial) this.#states.set(name, state);
  }

  get(readModel: string): ReadModelState {
    return this.#states.get(readModel) ?? notBegun;
  }

  /** Takes note of a move, and tells everyone. */
  moved(move: Move): void {
    const { readModel, tables: _, ...state } = move;
    this.#states.set(readModel, state);
    for (const listener of [...this.#listeners]) listener(move);
  }

  /** Hears every move. Returns the function that ends it. */
  onMove(listener: (move: Move) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Waits until a read model has got to a position.
   *
   * @throws ReadModelBehindError when it takes too long
   * @throws ReadModelFailedError when it has stopped before that position
   * @throws the signal's reason when that is aborted
   */
  waitFor(readModel: string, position: number, options: WaitOptions): Promise<void> {
    return this.#wait(readModel, options, {
      isDone: (state) => state.position >= position,
      late: (state) => new ReadModelBehindError(readModel, state.position, position),
    });
  }

  /**
   * Waits until a read model has caught up for the first time.
   *
   * @throws ReadModelBuildingError when it takes too long
   * @throws ReadModelFailedError when it has stopped before
   * @throws the signal's reason when that is aborted
   */
  waitUntilServing(readModel: string, options: WaitOptions): Promise<void> {
    return this.#wait(readModel, options, {
      isDone: (state) => state.isServing,
      late: (state) => new ReadModelBuildingError(readModel, state.position),
    });
  }

  async #wait(
    readModel: string,
    { timeoutMs, signal }: WaitOptions,
    until: { isDone(state: ReadModelState): boolean; late(state: ReadModelState): Error },
  ): Promise<void> {
    signal?.throwIfAborted();
    const check = (): boolean => {
      const state = this.get(readModel);
      if (until.isDone(state)) return true;
      if (state.failure !== undefined) throw new ReadModelFailedError(readModel, state.failure, state.isServing);
      return false;
    };
    if (check()) return;
    await new Promise<void>((resolve, reject) => {
      const end = (error?: unknown) => {
        clearTimeout(timer);
        stopListening();
        signal?.removeEventListener('abort', abort);
        if (error === undefined) resolve();
        else reject(error as Error);
      };
      const abort = () => end(signal?.reason ?? new Error('aborted'));
      const stopListening = this.onMove((move) => {
        if (move.readModel !== readModel) return;
        try {
          if (check()) end();
        } catch (error) {
          end(error);
        }
      });
      const timer = setTimeout(() => end(until.late(this.get(readModel))), Math.min(timeoutMs, maxTimerMs));
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}
