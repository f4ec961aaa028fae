import type { ReadModelState } from '../read-database/read-database.js';
import { ReadModelBehindError, ReadModelFailedError } from './querying-errors.js';

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
    return this.#states.get(readModel) ?? { position: 0, failure: undefined };
  }

  /** Takes note of a move, and tells everyone. */
  moved(move: Move): void {
    this.#states.set(move.readModel, { position: move.position, failure: move.failure });
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
  async waitFor(readModel: string, position: number, { timeoutMs, signal }: WaitOptions): Promise<void> {
    signal?.throwIfAborted();
    if (this.#check(readModel, position)) return;
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
          if (this.#check(readModel, position)) end();
        } catch (error) {
          end(error);
        }
      });
      const late = () => end(new ReadModelBehindError(readModel, this.get(readModel).position, position));
      const timer = setTimeout(late, Math.min(timeoutMs, maxTimerMs));
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #check(readModel: string, position: number): boolean {
    const state = this.get(readModel);
    if (state.position >= position) return true;
    if (state.failure !== undefined) throw new ReadModelFailedError(readModel, state.failure);
    return false;
  }
}
