import type { NewEvent } from '../definitions/event.js';
import type { EncodedEvent, EventCodec } from './event-codec.js';
import { LogLimitError, LogOverloadedError } from './log-errors.js';
import { maxEventsPerAppend, maxPendingBytes } from './log-limits.js';

/** What of a log is not durable yet, and how much of that there may be. */
export interface PendingEvents {
  readonly events: number;
  /** What they take in memory, roughly. */
  readonly bytes: number;
  readonly maxEvents: number;
}

/**
 * Checks and encodes the events of one append.
 *
 * @throws LogLimitError when there are none or too many, or one is too large; InvalidEventError when one is none
 */
export function encodeAppend(events: readonly NewEvent[], codec: EventCodec): EncodedEvent[] {
  if (events.length === 0) throw new LogLimitError('An append needs at least one event.');
  if (events.length > maxEventsPerAppend) {
    throw new LogLimitError(`An append has ${events.length} events; at most ${maxEventsPerAppend} are possible.`);
  }
  return events.map((event) => codec.encode(event));
}

/**
 * Whether there is room for one more append. Into an empty queue any fits that is possible at all: otherwise it could never be made.
 *
 * @throws LogLimitError when it could never be made, LogOverloadedError when it cannot be made now
 */
export function checkRoom(events: readonly EncodedEvent[], pending: PendingEvents): void {
  let bytes = 0;
  for (const event of events) bytes += event.sizeBytes;
  if (bytes > maxPendingBytes) {
    throw new LogLimitError(`An append has ${bytes} bytes; at most ${maxPendingBytes} are possible. Make it several.`);
  }
  if (pending.events === 0) return;
  const fits = pending.events + events.length <= pending.maxEvents && pending.bytes + bytes <= maxPendingBytes;
  if (!fits) throw new LogOverloadedError(pending.events);
}
