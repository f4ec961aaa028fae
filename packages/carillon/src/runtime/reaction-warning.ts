import type { ReactionFailure } from '../reacting/reactor.js';

/** Tells whoever runs the process that something could not be done: after the first attempt, and when it is given up. */
export function warnOfReaction({ reaction, error, event, outcome }: ReactionFailure): void {
  const message = error instanceof Error ? error.message : String(error);
  const where = event === undefined ? 'waits' : `failed at ${event.type} (position ${event.position})`;
  const next = outcome === 'parked' ? 'it is parked: retry or skip it' : 'it is tried again';
  process.emitWarning(`Reaction ${reaction} ${where}, and ${next}: ${message}`, {
    code: outcome === 'parked' ? 'CARILLON_EVENT_PARKED' : 'CARILLON_REACTION_FAILED',
    ...(error instanceof Error && error.stack !== undefined ? { detail: error.stack } : {}),
  });
}
