import type { Log } from '../log/log.js';
import type { Link } from './link.js';
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
  /** Takes note of whether it can do what it is there for. */
  readonly link?: Link | undefined;
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
    this.#done = persist(() => this.#run(), { ...this.#parts, signal: this.#stop.signal });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { transport, log, publisher, types } = this.#parts;
    const source = { log, publisher, published: new Set(types), maxBytes: await transport.maxBytes() };
    const end = await transport.answer(publisher, (request) => answerReplay(request, source));
    this.#parts.link?.works();
    let stopListening: () => void = () => undefined;
    const { signal } = this.#stop;
    if (!signal.aborted) {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        // What was permitted before need not be any more: it is offered anew.
        stopListening = transport.onReconnect(resolve);
      });
    }
    stopListening();
    await end();
  }
}
