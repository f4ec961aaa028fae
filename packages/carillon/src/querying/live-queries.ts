import type { RunAnswer } from './query-runner.js';
import { QueriesOverloadedError } from './querying-errors.js';
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

/** How many questions are asked at one time: queries that somebody waits for need room, too. */
const maxAsking = 8;

interface Listener {
  answer(answer: RunAnswer): void;
  fail(error: unknown): void;
}

interface Shared {
  readonly question: LiveQuestion;
  readonly listeners: Set<Listener>;
  latest: RunAnswer | undefined;
  isAsking: boolean;
  /** Where the read model stood when it was asked last. */
  askedAt: number;
  /** It waits to be asked, for the first time or once more. */
  isDue: boolean;
}

/**
 * Subscriptions to queries. A question is asked again when its read model committed a change to a table that its last answer was
 * read from, and whoever listens hears of it when the answer is another. Equal questions are asked once for all.
 */
export class LiveQueries {
  readonly #positions: ReadModelPositions;
  readonly #questions = new Map<string, Shared>();
  /** Those that are due, in the order in which they will be asked. */
  readonly #due = new Set<Shared>();
  #asking = 0;
  readonly #stop: () => void;

  constructor(positions: ReadModelPositions) {
    this.#positions = positions;
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
   * @throws what the query throws, and QueriesOverloadedError when too many are subscribed
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
    this.#due.clear();
  }

  #listen(question: LiveQuestion, listener: Listener): void {
    let shared = this.#questions.get(question.key);
    if (shared === undefined) {
      if (this.#questions.size >= maxQuestions) {
        throw new QueriesOverloadedError(`${maxQuestions} different questions are subscribed to. Try again later.`);
      }
      shared = { question, listeners: new Set(), latest: undefined, isAsking: false, askedAt: 0, isDue: false };
      this.#questions.set(question.key, shared);
    }
    shared.listeners.add(listener);
    // Who has waited for a position must not hear of an earlier one, though the result is the same.
    const { position } = this.#positions.get(question.readModel);
    if (shared.latest !== undefined && shared.latest.position >= position) listener.answer(shared.latest);
    else if (!shared.isAsking || shared.askedAt < position) this.#ask(shared);
  }

  #leave(question: LiveQuestion, listener: Listener): void {
    const shared = this.#questions.get(question.key);
    if (shared === undefined || !shared.listeners.delete(listener) || shared.listeners.size > 0) return;
    this.#questions.delete(question.key);
    this.#due.delete(shared);
  }

  #moved({ readModel, tables }: Move): void {
    if (tables.length === 0) return;
    for (const shared of this.#questions.values()) {
      if (shared.question.readModel !== readModel) continue;
      // An answer that is on its way may be of before the move or after it.
      const isConcerned = shared.latest === undefined || shared.latest.tables.some((table) => tables.includes(table));
      if (isConcerned || shared.isAsking) this.#ask(shared);
    }
  }

  #ask(shared: Shared): void {
    if (shared.isDue) return;
    shared.isDue = true;
    if (shared.isAsking) return;
    this.#due.add(shared);
    this.#askNext();
  }

  #askNext(): void {
    for (const shared of this.#due) {
      if (this.#asking >= maxAsking) return;
      this.#due.delete(shared);
      void this.#run(shared);
    }
  }

  async #run(shared: Shared): Promise<void> {
    shared.isDue = false;
    shared.isAsking = true;
    shared.askedAt = this.#positions.get(shared.question.readModel).position;
    this.#asking++;
    try {
      const answer = await shared.question.ask();
      shared.latest = answer;
      for (const listener of shared.listeners) listener.answer(answer);
    } catch (error) {
      if (this.#questions.get(shared.question.key) === shared) this.#questions.delete(shared.question.key);
      for (const listener of shared.listeners) listener.fail(error);
      shared.listeners.clear();
    } finally {
      shared.isAsking = false;
      this.#asking--;
      if (shared.isDue && shared.listeners.size > 0) this.#due.add(shared);
      this.#askNext();
    }
  }
}
