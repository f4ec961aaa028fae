import { PublishedEventError } from './published-event.js';

/** Something between services could not be done. */
export interface RelayFailure {
  /** `relay`: of what this service publishes. `inbox`: of what it consumes. */
  readonly direction: 'relay' | 'inbox';
  /** Whose events these are. */
  readonly module: string;
  readonly error: unknown;
}

/** Each relay and each inbox is warned of once in so long, in milliseconds. */
const quietMs = 60_000;

/** What fails for less than that is not worth a warning: services and servers start in any order. In milliseconds. */
const patienceMs = 5_000;

/** After so long without a failure all was well again, in milliseconds. Attempts are never further apart. */
const recoveryMs = 15_000;

/** Tells whoever runs the process what cannot be done, and is tried again; and at once, what is ignored because no relay sent it. */
export function relayWarnings(transport: string): (failure: RelayFailure) => void {
  const failing = new Map<string, { sinceMs: number; lastMs: number; quietUntilMs: number }>();
  return ({ direction, module, error }) => {
    const what = direction === 'relay' ? `The relay of module ${module}` : `The inbox for events of module ${module}`;
    const isIgnored = error instanceof PublishedEventError;
    const does = isIgnored ? 'ignores a message' : 'waits, and tries again';
    const trouble = `${what} ${does}`;
    const nowMs = performance.now();
    const known = failing.get(trouble);
    const isNew = known === undefined || nowMs - known.lastMs > recoveryMs;
    const state = isNew ? { sinceMs: nowMs, lastMs: nowMs, quietUntilMs: known?.quietUntilMs ?? 0 } : known;
    state.lastMs = nowMs;
    failing.set(trouble, state);
    if ((nowMs - state.sinceMs < patienceMs && !isIgnored) || nowMs < state.quietUntilMs) return;
    state.quietUntilMs = nowMs + quietMs;
    const message = error instanceof Error ? error.message : String(error);
    process.emitWarning(`${trouble} (${transport}): ${message}`, { code: 'CARILLON_RELAY' });
  };
}
