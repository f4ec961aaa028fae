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

/** Tells whoever runs the process what could not be done, and is tried again. */
export function relayWarnings(transport: string): (failure: RelayFailure) => void {
  const quietUntilMs = new Map<string, number>();
  return ({ direction, module, error }) => {
    const what = direction === 'relay' ? `The relay of module ${module}` : `The inbox for events of module ${module}`;
    const nowMs = performance.now();
    if (nowMs < (quietUntilMs.get(what) ?? 0)) return;
    quietUntilMs.set(what, nowMs + quietMs);
    const message = error instanceof Error ? error.message : String(error);
    process.emitWarning(`${what} waits, and tries again (${transport}): ${message}`, { code: 'CARILLON_RELAY' });
  };
}
