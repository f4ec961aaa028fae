import type { Actor } from '../definitions/actor.js';
import type { Authenticate } from './authentication.js';
import type { CrossOriginOptions } from './cross-origin.js';
import type { Logger } from './logger.js';

/** A call that a limiter may hold back. */
export interface Call {
  readonly kind: 'command' | 'query';
  /** The command's or query's name. */
  readonly name: string;
  readonly actor: Actor | undefined;
  readonly headers: Headers;
}

/** How an application is served over HTTP. Everything has a default. */
export interface HttpOptions {
  /** Where it is mounted: `/library`. Default: at the root. */
  readonly basePath?: string;
  /** Finds out who asks. Without it everyone is a guest, and the server binds to loopback addresses only. */
  readonly authenticate?: Authenticate;
  /**
   * Who may see `/metrics` and what is wrong with `/health/ready`, and use `/console/api`. Default: whoever `authenticate` knows; everyone without
   * `authenticate`.
   */
  readonly operator?: (actor: Actor | undefined) => boolean;
  /** Says after how many milliseconds a call may be tried again, or undefined to let it pass. */
  readonly limit?: (call: Call) => number | undefined | Promise<number | undefined>;
  /** Which pages of other origins browsers let use it (CORS). Default: none, only those of its own origin. */
  readonly cors?: CrossOriginOptions;
  /** The largest body of a command. Default 1 MiB (1,048,576). */
  readonly maxBodyBytes?: number;
  /** How deep a body may be nested. Default 64. */
  readonly maxJsonDepth?: number;
  /** The most event streams open at a time. Default 1,000. */
  readonly maxSubscriptions?: number;
  /** How long a query waits for `Carillon-After`, in milliseconds. Default 15,000: longer than it takes others to take over when a process has died. */
  readonly waitTimeoutMs?: number;
  /** How long a command may take before it is answered with `outcome-unknown`, in milliseconds. It goes on. Default 35,000. */
  readonly commandTimeoutMs?: number;
  /** After how long without an answer an event stream says that it is still there, in milliseconds. Default 15,000. */
  readonly heartbeatMs?: number;
  /** Where log lines go. Default: nowhere. */
  readonly logger?: Logger;
  /** Answers GET and HEAD requests that nothing else answers; undefined means that there is nothing, either. */
  readonly fallback?: (request: Request) => Promise<Response | undefined>;
}

/** The options that have a value in any case. */
export type HttpSettings = HttpOptions &
  Required<
    Pick<
      HttpOptions,
      'maxBodyBytes' | 'maxJsonDepth' | 'maxSubscriptions' | 'waitTimeoutMs' | 'commandTimeoutMs' | 'heartbeatMs'
    >
  >;

/** Puts in what was not given. */
export function httpSettings(options: HttpOptions): HttpSettings {
  return {
    ...options,
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    maxJsonDepth: options.maxJsonDepth ?? 64,
    maxSubscriptions: options.maxSubscriptions ?? 1_000,
    waitTimeoutMs: options.waitTimeoutMs ?? 15_000,
    // Longer than the log waits for a database that is away: what can be known by then is said.
    commandTimeoutMs: options.commandTimeoutMs ?? 35_000,
    heartbeatMs: options.heartbeatMs ?? 15_000,
  };
}
