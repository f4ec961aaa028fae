import { type Clock, systemClock } from '../definitions/clock.js';
import { EventCodec } from './event-codec.js';
import { newLogSeeds } from './event-id.js';
import type { Log } from './log.js';
import { RecentEvents } from './recent-events.js';
import { Sequencer } from './sequencer.js';

/** What a memory log takes. */
export interface MemoryLogOptions {
  /** Says when events are recorded. Default: the machine's clock. */
  readonly clock?: Clock;
  /** How many events may wait before appends are refused. Default `maxPendingEvents`. */
  readonly maxPendingEvents?: number;
}

/**
 * A log that is gone when the process ends: for tests and for trying things out. It keeps every guarantee of `Log`
 * except that durable means "in memory".
 */
export function memoryLog(options: MemoryLogOptions = {}): Log {
  const codec = new EventCodec(newLogSeeds());
  return new Sequencer({
    storage: { write: async () => undefined, find: () => [], archivedThrough: 0, close: async () => undefined },
    recent: new RecentEvents(1, codec, 65_536),
    clock: options.clock ?? systemClock,
    codec,
    maxPendingEvents: options.maxPendingEvents,
  });
}
