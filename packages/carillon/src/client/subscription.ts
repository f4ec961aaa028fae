import type { Answer } from '../definitions/query.js';
import type { Receipt } from '../definitions/receipt.js';
import type { SubscribeOptions } from './client-options.js';
import { ConnectionError, HttpProblemError, isProblemDocument, problemOfResponse } from './http-problem-error.js';
import { delayMs, mayPass, pause } from './retry.js';
import { serverEvents } from './server-events.js';
import type { Transport } from './transport.js';

/**
 * The answer to a query now, and again each time it has changed. Connections that are lost are made again, with
 * growing pauses; what was known by then is not given twice.
 *
 * Ends quietly when the signal is aborted. Throws HttpProblemError when asking again would not help.
 */
export function subscription<Result>(
  transport: Transport,
  url: string,
  options: SubscribeOptions,
): AsyncIterable<Answer<Result>> {
  return {
    [Symbol.asyncIterator]() {
      const left = new AbortController();
      const signal = options.signal === undefined ? left.signal : AbortSignal.any([left.signal, options.signal]);
      const answers = new Subscription<Result>(transport, url, options, signal).answers();
      return {
        next: () => answers.next(),
        return() {
          left.abort();
          return answers.return();
        },
      };
    },
  };
}

class Subscription<Result> {
  readonly #transport: Transport;
  readonly #url: string;
  readonly #options: SubscribeOptions;
  readonly #signal: AbortSignal;
  /** What was received last: its text, and the position of which it is. */
  #last: { readonly json: string; readonly id: string } | undefined;
  #failures = 0;

  constructor(transport: Transport, url: string, options: SubscribeOptions, signal: AbortSignal) {
    this.#transport = transport;
    this.#url = url;
    this.#options = options;
    this.#signal = signal;
  }

  async *answers(): AsyncGenerator<Answer<Result>, void> {
    while (!this.#signal.aborted) {
      let failure: unknown;
      try {
        yield* this.#connection();
      } catch (error) {
        if (this.#signal.aborted) return;
        if (!mayPass(error)) throw error;
        failure = error;
      }
      this.#failures++;
      this.#options.onConnection?.('lost');
      await pause(delayMs(this.#transport.retry, this.#failures, failure), this.#signal).catch(() => {});
    }
  }

  /** The answers of one connection. Returns when the server ends it. */
  async *#connection(): AsyncGenerator<Answer<Result>, void> {
    const abort = new AbortController();
    const signal = AbortSignal.any([this.#signal, abort.signal]);
    try {
      const response = await this.#transport.open(this.#url, { headers: this.#headers(), signal }, this.#signal);
      if (!response.ok || response.body === null) throw await problemOfResponse(response);
      this.#options.onConnection?.('open');
      for await (const event of this.#events(response.body)) {
        this.#failures = 0;
        if (event.data === this.#last?.json) continue;
        this.#last = { json: event.data, id: event.id };
        yield { result: JSON.parse(event.data) as Result, position: Number(event.id) };
      }
    } finally {
      abort.abort();
    }
  }

  async *#events(
    body: ReadableStream<Uint8Array>,
  ): AsyncGenerator<{ readonly data: string; readonly id: string }, void> {
    const events = serverEvents(body, this.#transport.idleTimeoutMs);
    try {
      for (;;) {
        const next = await events.next().catch((cause: unknown) => {
          throw new ConnectionError(this.#url, cause);
        });
        if (next.done === true) return;
        const { event, data, id } = next.value;
        if (event === 'problem') throw problemOfEvent(data);
        if (event === 'answer' && id !== undefined) yield { data, id };
      }
    } finally {
      await events.return();
    }
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    const after = positionOf(this.#options.after);
    if (this.#last !== undefined) headers['Last-Event-ID'] = this.#last.id;
    else if (after !== undefined) headers['Carillon-After'] = String(after);
    return headers;
  }
}

/** The position that a receipt or a number stands for. */
export function positionOf(after: Receipt | number | undefined): number | undefined {
  return typeof after === 'object' ? after.position : after;
}

function problemOfEvent(data: string): Error {
  const document: unknown = JSON.parse(data);
  if (isProblemDocument(document)) return new HttpProblemError(document);
  return new Error('The server ended the subscription for a reason that cannot be read.');
}
