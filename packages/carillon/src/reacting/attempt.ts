import { ReactionTimeoutError } from './reacting-errors.js';
import type { Scheduler } from './scheduler.js';

/**
 * Does something that may take so long at most. What does not heed its signal goes on in the background, and nobody waits
 * for it any more.
 *
 * @throws ReactionTimeoutError; the reason of `stop` when that is aborted; what the work throws
 */
export function attempt(
  scheduler: Scheduler,
  timeoutMs: number,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (stop.aborted) return Promise.reject(stop.reason as Error);
  const abort = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const end = (reason: unknown) => {
      abort.abort(reason);
      reject(reason as Error);
    };
    const onStop = () => end(stop.reason);
    stop.addEventListener('abort', onStop, { once: true });
    const cancel = scheduler.after(timeoutMs, () => end(new ReactionTimeoutError(timeoutMs)));
    void work(abort.signal)
      .then(resolve, reject)
      .finally(() => {
        cancel();
        stop.removeEventListener('abort', onStop);
      });
  });
}
