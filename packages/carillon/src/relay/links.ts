import type { RelayStatus } from '../runtime/relay-status.js';
import { type AtWork, troubleOf } from './link.js';
import type { RelayFailure, RelayRecovery } from './relay-warning.js';

/** How often it is looked whether what is at work can go on, in milliseconds. */
const lookMs = 2_000;

/** Who hears how relays and inboxes get on. */
export interface LinksListener {
  readonly onFailure: (failure: RelayFailure) => void;
  readonly onRecovery: (recovery: RelayRecovery) => void;
}

/** The relays and inboxes at work, watched: a broker that goes away while nothing is sent is noticed, too, and that it is back. */
export class Links {
  readonly #listener: LinksListener;
  readonly #atWork = new Set<AtWork>();
  readonly #troubled = new Set<AtWork>();
  #timer: NodeJS.Timeout | undefined;

  constructor(listener: LinksListener) {
    this.#listener = listener;
  }

  status(): readonly RelayStatus[] {
    return [...this.#atWork].map(statusOf);
  }

  /** Shows and watches something until it has ended. */
  watch(one: AtWork, end: () => Promise<void>): () => Promise<void> {
    this.#atWork.add(one);
    this.#timer ??= setInterval(() => this.#look(), lookMs).unref();
    return async () => {
      this.#atWork.delete(one);
      this.#troubled.delete(one);
      if (this.#atWork.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
      await end();
    };
  }

  #look(): void {
    for (const one of this.#atWork) {
      const { direction, module, links } = one;
      const trouble = troubleOf(one);
      if (trouble !== undefined) {
        this.#troubled.add(one);
        // What failed has said so itself.
        if (links.every(({ hasFailed }) => !hasFailed)) {
          this.#listener.onFailure({ direction, module, error: new Error(trouble.message) });
        }
      } else if (this.#troubled.delete(one)) this.#listener.onRecovery({ direction, module });
    }
  }
}

/** Where something stands. */
export function statusOf(one: AtWork): RelayStatus {
  const { direction, module } = one;
  return { direction, module, position: one.position(), trouble: troubleOf(one) };
}
