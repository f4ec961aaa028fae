import type { RecordedEvent } from '../definitions/event.js';
import type { EncodedEvent } from './event-codec.js';
import type { LogQuery } from './log-query.js';

/** Which events of the archive are wanted. */
export interface ArchiveRange {
  /** Only events with `after` < position < `before`. */
  readonly after: number;
  readonly before: number;
  readonly limit: number;
  readonly backwards: boolean;
}

/** Where a sequencer keeps its events. */
export interface LogStorage {
  /**
   * Writes a batch at the end of the log and makes it durable. Called again before it is done, it writes the batches
   * in the order of the calls. When one fails, those called for after it and before it failed fail, too.
   */
  write(events: readonly EncodedEvent[]): Promise<void>;
  /**
   * The same at once, for a few events when nothing else is being written: true when they are durable now, false when
   * `write` is to be called instead. Throws when it failed.
   */
  writeNow?(events: readonly EncodedEvent[]): boolean;
  /** The matching events that the sequencer no longer holds in memory. */
  find(query: LogQuery, range: ArchiveRange): RecordedEvent[];
  /** The position through which `find` finds everything without help: the sequencer may let go of these events. */
  readonly archivedThrough: number;
  close(): Promise<void>;
}
