import type { RecordedEvent } from '../definitions/event.js';

/** Tells whoever runs the process that an attempt failed. It is made again, or the event is parked. */
export function warnOfReaction(error: unknown, reaction: string, event: RecordedEvent | undefined): void {
  const message = error instanceof Error ? error.message : String(error);
  const what = event === undefined ? 'waits, and tries again by itself' : `failed at ${event.type} (${event.position})`;
  process.emitWarning(`Reaction ${reaction} ${what}: ${message}`, { code: 'CARILLON_REACTION_FAILED' });
}
