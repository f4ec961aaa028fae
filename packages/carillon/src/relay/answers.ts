import type { Log } from '../log/log.js';
import { persist } from './persist.js';
import { answerReplay } from './replay.js';
import type { Publisher, Transport } from './transport.js';

/** What answers are made from. */
export interface AnswersParts {
  readonly log: Log;
  readonly publisher: Publisher;
  /** The types of events that the module publishes. */
  readonly types: readonly string[];
  readonly transport: Transport;
  readonly onFailure: (error: unknown) => void;
}

/** Answers inboxes that miss something of what a module published. */
export class Answers {
  readonly #parts: AnswersParts;
  readonly #stop = new AbortController();
  #done: Promise<void> | undefined;

  constructor(parts: AnswersParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#done = persist(() => this.#run(), { signal: this.#stop.signal, onFailure: this.#parts.onFailure });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { transport, log, publisher, types } = this.#parts;
    const source = { log, publisher, published: new Set(types), maxBytes: await transport.maxBytes() };
    const end = await transport.answer(publisher, (request) => answerReplay(request, source));
    const { signal } = this.#stop;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await end();
  }
}
