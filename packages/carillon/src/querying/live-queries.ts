import type { RunAnswer } from './query-runner.js';
import type { Move, ReadModelPositions } from './read-model-positions.js';

/** What is asked again and again. */
export interface LiveQuestion {
  /** Equal questions have equal keys, and share their answers. */
  readonly key: string;
  /** The read model it is answered from. */
  readonly readModel: string;
  ask(): Promise<RunAnswer>;
}

/** The most different questions that may be subscribed to at one time. */
const maxQuestions = 10_000;

interface Listener {
  answer(answer: RunAnswer): void;
  fail(error: unknown): void;
}

interface Shared {
  readonly question: LiveQuestion;
  readonly listeners: Set<Listener>;
  latest: RunAnswer | undefined;
  asking: boolean;
  /** A move came while it was asked: ask once more. */
  isStale: boolean;
}

/**
 * Subscriptions to queries. A question is asked again when its read model committed a change to a table that its last answer was
 * read from, and whoever listens hears of it when the answer is another. Equal questions are asked once for all.
 */
export class LiveQueries {
  readonly #questions = new Map<string, Shared>();
  readonly #stop: () => void;

  constructor(positions: ReadModelPositions) {
    this.#stop = positions.onMove((move) => this.#moved(move));
  }

  /** How many different questions are subscribed to. */
  get size(): number {
    return this.#questions.size;
  }

  /**
   * Answers now, and again whenever the answer has changed, until `signal` is aborted or the loop is left. Answers that come
   * faster than they are taken are skipped: the latest counts.
   *
   * @throws what the query throws, and RangeError when too many are subscribed
   */
  async *subscribe(question: LiveQuestion, signal?: AbortSignal): AsyncGenerator<RunAnswer, void, undefined> {
    let waiting: RunAnswer | undefined;
    let failure: { readonly error: unknown } | undefined;
    let heard: string | undefined;
    let wake = () => {};
    const listener: Listener = {
      answer: (answer) => {
        if (answer.hash === heard) waiting = undefined;
        else waiting = answer;
        wake();
      },
      fail: (error) => {
        failure = { error };
        wake();
      },
    };
    const abort = () => wake();
    signal?.addEventListener('abort', abort, { once: true });
    this.#listen(question, listener);
    try {
      while (signal?.aborted !== true) {
        if (waiting !== undefined) {
          const answer = waiting;
          waiting = undefined;
          heard = answer.hash;
          yield answer;
        } else if (failure !== undefined) {
          throw failure.error;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#leave(question, listener);
    }
  }

  /** Ends every subscription. */
  close(error: unknown): void {
    this.#stop();
    for (const shared of this.#questions.values()) for (const listener of shared.listeners) listener.fail(error);
    this.#questions.clear();
  }

  #listen(question: LiveQuestion, listener: Listener): void {
    let shared = this.#questions.get(question.key);
    if (shared === undefined) {
      if (this.#questions.size >= maxQuestions)
        throw new RangeError(`${maxQuestions} questions are subscribed to already.`);
      shared = { question, listeners: new Set(), latest: undefined, asking: false, isStale: false };
      this.#questions.set(question.key, shared);
    }
    shared.listeners.add(listener);
    if (shared.latest === undefined || shared.asking) this.#ask(shared);
    else listener.answer(shared.latest);
  }

  #leave(question: LiveQuestion, listener: Listener): void {
    const shared = this.#questions.get(question.key);
    shared?.listeners.delete(listener);
    if (shared?.listeners.size === 0) this.#questions.delete(question.key);
  }

  #moved(move: Move): void {
    for (const shared of this.#questions.values()) {
      if (shared.question.readModel !== move.readModel) continue;
      // A first answer that is on its way may be of before the move or after it.
      const concerned =
        shared.latest === undefined || shared.latest.tables.some((table) => move.tables.includes(table));
      if (concerned && move.tables.length > 0) this.#ask(shared);
    }
  }

  #ask(shared: Shared): void {
    if (shared.asking) {
      shared.isStale = true;
      return;
    }
    shared.asking = true;
    shared.isStale = false;
    shared.question.ask().then(
      (answer) => {
        shared.asking = false;
        shared.latest = answer;
        for (const listener of shared.listeners) listener.answer(answer);
        if (shared.isStale && shared.listeners.size > 0) this.#ask(shared);
      },
      (error) => {
        shared.asking = false;
        this.#questions.delete(shared.question.key);
        for (const listener of shared.listeners) listener.fail(error);
      },
    );
  }
}
