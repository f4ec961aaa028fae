import type { HttpHandler } from './http-handler.js';
import { knownProblem } from './known-problem.js';
import type { Logger } from './logger.js';
import { isLoopback } from './loopback.js';
import { Problem, problemResponse } from './problem.js';

/** What an `ApplicationRouter` is made of. */
export interface RouterOptions {
  /** The applications by name: the first segment of their paths. */
  readonly handlers: ReadonlyMap<string, HttpHandler>;
  /** Answers whatever is below no application. */
  readonly root: ((request: Request) => Response | undefined | Promise<Response | undefined>) | undefined;
  /** Host names by which the server may be asked besides those of this machine; undefined when any name will do. */
  readonly allowedHosts: readonly string[] | undefined;
  readonly logger: Logger;
}

/** Finds out which application a request is for. */
export class ApplicationRouter {
  readonly #handlers: ReadonlyMap<string, HttpHandler>;
  readonly #root: RouterOptions['root'];
  readonly #logger: Logger;
  /** Host names by which the server may be asked; undefined when it does not matter. */
  readonly #allowedHosts: ReadonlySet<string> | undefined;
  /** Nearly every request names the same. */
  #lastAllowed: string | undefined;

  constructor({ handlers, root, allowedHosts, logger }: RouterOptions) {
    this.#handlers = handlers;
    this.#root = root;
    this.#logger = logger;
    this.#allowedHosts = allowedHosts && new Set(allowedHosts.map((host) => host.toLowerCase()));
  }

  fetch(request: Request): Promise<Response> {
    const { url } = request;
    const hostStart = url.indexOf('://') + 3;
    const hostEnd = url.indexOf('/', hostStart);
    if (this.#allowedHosts !== undefined && !this.#isAllowed(url.slice(hostStart, hostEnd))) return refuseHost();
    const name = /^[^/?#]*/.exec(url.slice(hostEnd + 1))![0];
    return this.#handlers.get(name)?.fetch(request) ?? this.#answerElse(request);
  }

  #isAllowed(authority: string): boolean {
    if (authority === this.#lastAllowed) return true;
    const host = authority.replace(/:\d+$/, '');
    if (!isLoopback(host) && !this.#allowedHosts!.has(host)) return false;
    this.#lastAllowed = authority;
    return true;
  }

  async #answerElse(request: Request): Promise<Response> {
    try {
      const found = await this.#root?.(request);
      if (found !== undefined) return found;
    } catch (error) {
      return problemResponse(knownProblem(error, this.#logger, {}));
    }
    return problemResponse(
      new Problem('not-found', `Nothing is here. There are: ${[...this.#handlers.keys()].join(', ')}.`),
    );
  }
}

async function refuseHost(): Promise<Response> {
  return problemResponse(
    new Problem(
      'host-refused',
      'Ask for localhost, or let the server be started with `allowedHosts` or `authenticate`.',
    ),
  );
}
