import { CarillonError } from '../definitions/errors.js';
import type { ClientHeaders, ClientOptions } from './client-options.js';
import { ConnectionError, HttpProblemError, problemOfResponse } from './http-problem-error.js';
import { type RetryPolicy, retryPolicy } from './retry.js';

/** Where requests go, and how. */
export class Transport {
  readonly retry: RetryPolicy;
  readonly idleTimeoutMs: number;
  readonly #baseUrl: string;
  readonly #fetch: typeof fetch;
  readonly #headers: ClientHeaders;
  readonly #timeoutMs: number;

  constructor(baseUrl: string, options: ClientOptions) {
    this.retry = retryPolicy(options.retry);
    this.idleTimeoutMs = options.idleTimeoutMs ?? 45_000;
    this.#baseUrl = checkBaseUrl(baseUrl).replace(/\/+$/, '');
    // Browsers insist on being called as methods of the window.
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#headers = options.headers ?? {};
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  url(kind: 'commands' | 'queries', name: string, search = ''): string {
    return `${this.#baseUrl}/${kind}/${encodeURIComponent(name)}${search === '' ? '' : `?${search}`}`;
  }

  /**
   * Sends a request once and has the answer read; `read` returns undefined when the answer is not what was asked for.
   * Time runs out for both together.
   *
   * @throws HttpProblemError, ConnectionError; the signal's reason when it is aborted
   */
  async send<T>(
    url: string,
    init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T> | undefined,
  ): Promise<T> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const response = await this.open(url, { ...init, signal: either }, signal);
    try {
      return await (read(response) ?? problemOfResponse(response).then(raise));
    } catch (cause) {
      if (cause instanceof HttpProblemError) throw cause;
      throw reasonOf(signal) ?? new ConnectionError(url, cause);
    }
  }

  /** Sends a request and returns whatever comes back. */
  async open(
    url: string,
    init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const common = typeof this.#headers === 'function' ? await this.#headers() : this.#headers;
    try {
      return await this.#fetch(url, { ...init, headers: { ...common, ...init.headers } });
    } catch (cause) {
      throw reasonOf(signal) ?? new ConnectionError(url, cause);
    }
  }
}

/** A path is for browsers: it begins with `/` or `.`, or is empty. */
function checkBaseUrl(baseUrl: string): string {
  if (/^(https?:\/\/.|[/.]|$)/i.test(baseUrl)) return baseUrl;
  throw new CarillonError(
    'client-url-invalid',
    `The client's URL ${JSON.stringify(baseUrl)} must begin with http:// or https://. In a browser it may be a path that begins with "/".`,
  );
}

function raise(error: Error): never {
  throw error;
}

function reasonOf(signal: AbortSignal | undefined): unknown {
  return signal?.aborted === true ? signal.reason : undefined;
}
