import { PublishedEventError } from './published-event.js';

/** Something between services could not be done. */
export interface RelayFailure {
  /** `relay`: of what this service publishes. `inbox`: of what it consumes. */
  readonly direction: 'relay' | 'inbox';
  /** Whose events these are. */
  readonly module: string;
  readonly error: unknown;
}

/** What could not be done between services is done again. */
export type RelayRecovery = Omit<RelayFailure, 'error'>;

/** Each relay and each inbox is warned of once in so long, in milliseconds. */
const quietMs = 60_000;

/** What fails for less than that is not worth a warning: services and servers start in any order. In milliseconds. */
const patienceMs = 5_000;

/** After so long without a failure all was well again, in milliseconds. Attempts are never further apart. */
const recoveryMs = 15_000;

/**
 * Tells whoever runs the process what cannot be done, and is tried again: once, and when it goes on; and at once, what is ignored because
 * no relay sent it.
 */
export function relayWarnings(transport: string): {
  readonly onFailure: (failure: RelayFailure) => void;
  readonly onRecovery: (recovery: RelayRecovery) => void;
} {
  const failing = new Map<string, Failing>();
  const onFailure = ({ direction, module, error }: RelayFailure) => {
    const what = nameOf({ direction, module });
    const isIgnored = error instanceof PublishedEventError;
    const trouble = `${what} ${isIgnored ? 'ignores a message' : waits}`;
    const nowMs = performance.now();
    const known = failing.get(trouble);
    const isNew = known === undefined || nowMs - known.lastMs > recoveryMs;
    const state = isNew
      ? { sinceMs: nowMs, lastMs: nowMs, quietUntilMs: known?.quietUntilMs ?? 0, isSaid: false }
      : known;
    state.lastMs = nowMs;
    failing.set(trouble, state);
    const isToSay = isIgnored || (!state.isSaid && nowMs - state.sinceMs >= patienceMs);
    if (!isToSay || nowMs < state.quietUntilMs) return;
    state.isSaid = true;
    state.quietUntilMs = nowMs + quietMs;
    const message = error instanceof Error ? error.message : String(error);
    process.emitWarning(`${trouble} (${transport}): ${message}`, { code: 'CARILLON_RELAY' });
  };
  const onRecovery = (recovery: RelayRecovery) => {
    const what = nameOf(recovery);
    const known = failing.get(`${what} ${waits}`);
    failing.delete(`${what} ${waits}`);
    if (known?.isSaid === true)
      process.emitWarning(`${what} goes on again (${transport}).`, { code: 'CARILLON_RELAY' });
  };
  return { onFailure, onRecovery };
}

/** Something that fails. */
interface Failing {
  readonly sinceMs: number;
  lastMs: number;
  quietUntilMs: number;
  isSaid: boolean;
}

const waits = 'waits, and tries again';

function nameOf({ direction, module }: RelayRecovery): string {
  return direction === 'relay' ? `The relay of module ${module}` : `The inbox for events of module ${module}`;
}
