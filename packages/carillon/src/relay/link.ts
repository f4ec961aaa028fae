import type { RelayStatus, RelayTrouble } from '../runtime/relay-status.js';
import type { Transport } from './transport.js';

/** What works again counts as well only when it has not failed for so long, in milliseconds: attempts are never further apart. */
const settleMs = 7_000;

/** A failure that is not over. */
interface Failure {
  readonly sinceMs: number;
  readonly message: string;
  /** Since when it works again. */
  readonly worksSinceMs: number | undefined;
}

/** Knows whether a relay, or an inbox, can do what it is there for, and since when it cannot. */
export class Link {
  readonly #transport: Pick<Transport, 'name' | 'awayMs'>;
  #failure: Failure | undefined;

  constructor(transport: Pick<Transport, 'name' | 'awayMs'>) {
    this.#transport = transport;
  }

  /** Why it cannot go on now, by itself or because the broker is out of reach. */
  get trouble(): RelayTrouble | undefined {
    const failure = this.#lasting();
    const awayMs = this.#transport.awayMs?.() ?? 0;
    if (failure === undefined && awayMs === 0) return undefined;
    const failingMs = failure === undefined ? 0 : (failure.worksSinceMs ?? performance.now()) - failure.sinceMs;
    return {
      forMs: Math.max(failingMs, awayMs),
      message: failure?.message ?? `${this.#transport.name} is out of reach`,
    };
  }

  /** Whether it has said itself that it failed. */
  get hasFailed(): boolean {
    return this.#lasting() !== undefined;
  }

  failed(error: unknown): void {
    const sinceMs = this.#lasting()?.sinceMs ?? performance.now();
    const message = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    this.#failure = { sinceMs, message, worksSinceMs: undefined };
  }

  /** Something was sent, or came in, or could have. */
  works(): void {
    if (this.#failure === undefined || this.#failure.worksSinceMs !== undefined) return;
    this.#failure = { ...this.#failure, worksSinceMs: performance.now() };
  }

  #lasting(): Failure | undefined {
    const worksSinceMs = this.#failure?.worksSinceMs;
    if (worksSinceMs !== undefined && performance.now() - worksSinceMs > settleMs) this.#failure = undefined;
    return this.#failure;
  }
}

/** What is at work, and how it gets on. */
export interface AtWork extends Pick<RelayStatus, 'direction' | 'module'> {
  readonly links: readonly Link[];
  position(): number;
}

/** The worst that is wrong with something. */
export function troubleOf({ links }: AtWork): RelayTrouble | undefined {
  const troubles = links.map(({ trouble }) => trouble).filter((trouble) => trouble !== undefined);
  return troubles.sort((a, b) => b.forMs - a.forMs)[0];
}
