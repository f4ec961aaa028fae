import type { Actor } from '../definitions/actor.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { actorOf, UnauthenticatedError } from './authentication.js';
import { type Call, type HttpOptions, type HttpSettings, httpSettings } from './http-options.js';
import { knownProblem } from './known-problem.js';
import { type Logger, silentLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { Problem } from './problem.js';

/** What every endpoint of one application works with. */
export class Serving {
  readonly running: RunningApplication;
  readonly options: HttpSettings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly #closing = new AbortController();

  constructor(running: RunningApplication, options: HttpOptions) {
    this.running = running;
    this.options = httpSettings(options);
    this.logger = options.logger ?? silentLogger;
    this.metrics = new Metrics(running);
  }

  /** Set when the process is about to stop: it still answers, and says that nobody new should come. */
  isDraining = false;

  /** Aborted when the application is not to be served any longer. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort();
  }

  /**
   * Lets a call in.
   *
   * @throws UnauthenticatedError, Problem `too-many-requests`
   */
  async admit(kind: Call['kind'], name: string, headers: Headers): Promise<Actor | undefined> {
    const { authenticate, limit } = this.options;
    const actor = authenticate === undefined ? undefined : await actorOf(authenticate, headers, this.logger);
    if (limit === undefined) return actor;
    const waitMs = await limit({ kind, name, actor, headers });
    if (waitMs === undefined) return actor;
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    throw new Problem(
      'too-many-requests',
      `Ask again in ${seconds} s.`,
      {},
      { headers: { 'Retry-After': String(seconds) } },
    );
  }

  /** The problem that a failed call amounts to. A guest who may not do something may be somebody who has not said so. */
  problem(error: unknown, actor: Actor | undefined, where: object): Problem {
    const problem = knownProblem(error, this.logger, { application: this.running.application.name, ...where });
    const isGuest = problem.code === 'forbidden' && actor === undefined && this.options.authenticate !== undefined;
    return isGuest ? knownProblem(new UnauthenticatedError(), this.logger, where) : problem;
  }
}

/** The refusal of a method. */
export function methodNotAllowed(method: string, allowed: string): Problem {
  const detail = `${method.slice(0, 32)} is not possible here; use ${allowed.replaceAll(', ', ' or ')}.`;
  return new Problem('method-not-allowed', detail, {}, { headers: { Allow: allowed } });
}
