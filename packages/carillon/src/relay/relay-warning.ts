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

/** Tells whoever runs the process what cannot be done, and is tried again. */
export function relayWarnings(transport: string): (failure: RelayFailure) => void {
  const failing = new Map<string, { sinceMs: number; lastMs: number; quietUntilMs: number }>();
  return ({ direction, module, error }) => {
    const what = direction === 'relay' ? `The relay of module ${module}` : `The inbox for events of module ${module}`;
    const nowMs = performance.now();
    const known = failing.get(what);
    const isNew = known === undefined || nowMs - known.lastMs > recoveryMs;
    const state = isNew ? { sinceMs: nowMs, lastMs: nowMs, quietUntilMs: known?.quietUntilMs ?? 0 } : known;
    state.lastMs = nowMs;
    failing.set(what, state);
    if (nowMs - state.sinceMs < patienceMs || nowMs < state.quietUntilMs) return;
    state.quietUntilMs = nowMs + quietMs;
    const message = error instanceof Error ? error.message : String(error);
    process.emitWarning(`${what} waits, and tries again (${transport}): ${message}`, { code: 'CARILLON_RELAY' });
  };
}
