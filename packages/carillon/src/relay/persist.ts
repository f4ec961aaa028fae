import { setTimeout as sleep } from 'node:timers/promises';
import type { Link } from './link.js';

/** The first wait after a failure, and the longest, in milliseconds. */
const firstWaitMs = 100;
const longestWaitMs = 5_000;

/** How work that is tried again for ever is done. */
export interface PersistOptions {
  readonly signal: AbortSignal;
  /** Hears of every failure. */
  readonly onFailure: (error: unknown) => void;
  /** Takes note of every failure. */
  readonly link?: Link | undefined;
}

/** Does something again and again until it is aborted, with waits that grow while it fails soon after it began. */
export async function persist(work: () => Promise<void>, { signal, onFailure, link }: PersistOptions): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const begunMs = performance.now();
    try {
      await work();
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      link?.failed(error);
      onFailure(error);
      failures = performance.now() - begunMs > longestWaitMs ? 1 : failures + 1;
      const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
      await sleep(waitMs / 2 + (Math.random() * waitMs) / 2, undefined, { signal }).catch(() => undefined);
    }
  }
}
