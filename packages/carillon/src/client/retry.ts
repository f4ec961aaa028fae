import { ConnectionError, HttpProblemError } from './http-problem-error.js';

/** How a request that failed is tried again. */
export interface RetryOptions {
  /** How often a command or query is sent at most. Default 5. Subscriptions are tried for ever. */
  readonly maxAttempts?: number;
  /** About how long to wait before the second attempt, in milliseconds; doubled each time. Default 100. */
  readonly baseDelayMs?: number;
  /** The longest wait between two attempts, in milliseconds. Default 10,000. */
  readonly maxDelayMs?: number;
}

/** The same with every value there. */
export type RetryPolicy = Required<RetryOptions>;

/** Puts in what was not given. `false` means that everything is sent once. */
export function retryPolicy(options: RetryOptions | false | undefined): RetryPolicy {
  const {
    maxAttempts = 5,
    baseDelayMs = 100,
    maxDelayMs = 10_000,
  } = options === false ? { maxAttempts: 1 } : (options ?? {});
  return { maxAttempts, baseDelayMs, maxDelayMs };
}

const passingStatuses: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** Whether the same request may succeed later. */
export function mayPass(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof HttpProblemError && passingStatuses.has(error.status));
}

/** How long to wait after `failures` failures in a row: exponential, half of it random, and not before the server said. */
export function delayMs(policy: RetryPolicy, failures: number, error: unknown): number {
  const exponential = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failures - 1));
  const jittered = exponential / 2 + (Math.random() * exponential) / 2;
  const asked = error instanceof HttpProblemError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(jittered, asked);
}

/**
 * Does `work` until it succeeds, fails for good, or has been tried often enough. A wait longer than the policy allows is not waited for.
 */
export async function retrying<T>(
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= policy.maxAttempts || !mayPass(error)) throw error;
      const waitMs = delayMs(policy, attempt, error);
      if (waitMs > policy.maxDelayMs) throw error;
      await pause(waitMs, signal);
    }
  }
}

/** Waits. @throws the signal's reason when it is aborted */
export function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, durationMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
