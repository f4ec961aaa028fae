import type { ReactionFailure } from '../reacting/reactor.js';

/** A reaction that failed and is tried again is not warned of more often than that, in milliseconds. */
const quietMs = 60_000;

/**
 * Tells whoever runs the process that something could not be done: always when it is given up, and once a minute for each
 * reaction while attempts fail that are made again. A provider that is away for a moment fails hundreds of them.
 */
export function reactionWarnings(): (failure: ReactionFailure) => void {
  const quiet = new Map<string, { readonly untilMs: number; unsaid: number }>();
  return (failure) => {
    if (failure.outcome === 'parked') return warn(failure, 'CARILLON_EVENT_PARKED', 'it is parked: retry or skip it');
    const nowMs = performance.now();
    const before = quiet.get(failure.reaction);
    if (before !== undefined && nowMs < before.untilMs) {
      before.unsaid++;
      return;
    }
    quiet.set(failure.reaction, { untilMs: nowMs + quietMs, unsaid: 0 });
    const others = before === undefined || before.unsaid === 0 ? '' : ` (${before.unsaid} more since the last warning)`;
    warn(failure, 'CARILLON_REACTION_FAILED', `it is tried again${others}`);
  };
}

function warn({ reaction, error, event }: ReactionFailure, code: string, next: string): void {
  const message = error instanceof Error ? error.message : String(error);
  const where = event === undefined ? 'waits' : `failed at ${event.type} (position ${event.position})`;
  process.emitWarning(`Reaction ${reaction} ${where}, and ${next}: ${message}`, {
    code,
    ...(error instanceof Error && error.stack !== undefined ? { detail: error.stack } : {}),
  });
}
