import type { Receipt } from '../definitions/receipt.js';
import type { RetryOptions } from './retry.js';

/** Headers to send along, or a function that makes them for each request: for tokens that change. */
export type ClientHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** How a client talks to its server. Everything has a default. */
export interface ClientOptions {
  /** What requests are made with. Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Sent with every request, for instance `Authorization`. */
  readonly headers?: ClientHeaders;
  /** How requests that failed are tried again; `false`: not at all. Subscriptions come back in any case. */
  readonly retry?: RetryOptions | false;
  /** How long one attempt may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** The most answers to remember, so that the server need not send them again. Default 100. */
  readonly maxCachedAnswers?: number;
  /** After how long a silent subscription counts as lost, in milliseconds. Default 45,000: three of the server's heartbeats. */
  readonly idleTimeoutMs?: number;
}

/** What may be said with a command. */
export interface ExecuteOptions {
  /** The command's id. Default: a new UUID. Give one to send the same command again, even after the program was restarted. */
  readonly commandId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What may be said with a query. */
export interface QueryOptions {
  /** Wait until the answer reflects this: the receipt of a command, or a position. */
  readonly after?: Receipt | number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What may be said with a subscription. */
export interface SubscribeOptions extends QueryOptions {
  /** Called when the connection is there, and when it is lost and being made again. */
  readonly onConnection?: (state: 'open' | 'lost') => void;
}
