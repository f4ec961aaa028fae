import type { NewEvent, RecordedEvent } from '../definitions/event.js';
import type { LogQuery } from './log-query.js';

/**
 * "Fail if events matching this query exist after this position": the dynamic consistency boundary, as specified at
 * https://dcb.events/specification.
 */
export interface AppendCondition {
  /** Events that must not be there. */
  readonly failIfEventsMatch: LogQuery;
  /** Events up to this position do not count. Default 0: every event counts. */
  readonly after?: number;
}

/** What an append comes to. */
export interface Appended {
  /** The position of the first of the appended events. */
  readonly first: number;
  /** The position of the last of them. They are consecutive. */
  readonly last: number;
}

/** What limits a read. */
export interface ReadOptions {
  /** Only events beyond this position; backwards: only events before it. Default: from the beginning; backwards: from the end. */
  readonly after?: number;
  /** The most events to return. Default and maximum `maxReadLimit`. */
  readonly limit?: number;
  /** From the newest to the oldest. */
  readonly backwards?: boolean;
}

/** One of the reads of a `load`: every event that matches, after a position. Not limited in number. */
export interface LoadRead {
  readonly query: LogQuery;
  readonly after: number;
}

/** What `load` found. */
export interface Loaded {
  /** The events of each read, in the order of the reads, each in the order of the log. */
  readonly events: readonly (readonly RecordedEvent[])[];
  /** The position as of which every read was answered: nothing up to here was missed. */
  readonly position: number;
  /**
   * Settles when everything up to `position` is durable: rejects when some of it will never be. Undefined when it
   * already is. What was concluded from the events must not be told to anyone before.
   */
  readonly durable: Promise<void> | undefined;
  /**
   * The positions of events that are not durable yet may still change, because another process appends, too: `durable` rejects
   * then, with an `AppendConditionError`, and so does every append that was decided on them. What was folded from such events must
   * not be kept under `position`.
   */
  readonly isProvisional?: boolean;
}

/**
 * The ordered, durable sequence of all events of one application.
 *
 * Guarantees, on every adapter (`carillon/conformance` has the suite that proves them):
 * - positions are whole numbers from 1 without gaps, and become visible in order: who saw position N never later sees
 *   a new event at or below N;
 * - an append is atomic: all of its events or none, at consecutive positions;
 * - a condition is checked against everything before the append in the order of the log, and nothing else;
 * - what an append returned for is durable: fsynced, or whatever the adapter's documentation says;
 * - an append that fails takes no concurrent one down with it, unless the log itself failed.
 */
export interface Log {
  /**
   * Appends events. Concurrent appends may share a transaction, each with its own condition and its own outcome.
   *
   * The log does not look for ids given twice: what must be there once gets a tag, and a condition on that tag.
   *
   * @throws AppendConditionError naming the first conflicting position
   * @throws InvalidEventError when one of them is no event or has no JSON form; InvalidLogQueryError
   * @throws LogLimitError when there are no events, or more or larger ones than the log takes
   * @throws LogOverloadedError when too much waits to be written; nothing was appended, try again later
   * @throws LogClosedError after `close`
   * @throws LogWriteError when the storage failed; nothing was appended
   */
  append(events: readonly NewEvent[], condition?: AppendCondition): Promise<Appended>;

  /**
   * Reads events in the order of the log. Sees only what is durable.
   *
   * @throws InvalidLogQueryError, LogLimitError, LogClosedError
   */
  read(query: LogQuery, options?: ReadOptions): Promise<readonly RecordedEvent[]>;

  /**
   * Answers several reads as of one position, for a decision. May see events whose append is not durable yet, if
   * appends that are decided on them fail should those fail: see `Loaded.durable`. Synchronous when no I/O is needed.
   *
   * @throws InvalidLogQueryError, LogClosedError
   */
  load(reads: readonly LoadRead[]): Loaded | Promise<Loaded>;

  /** The position of the last durable event; 0 when there is none. */
  head(): Promise<number>;

  /** Calls `listener` with the new head after events became durable, soon and at least once for the last of them. */
  onAppend(listener: (head: number) => void): () => void;

  /** Writes what was accepted, then lets go of everything. Appends after it fail. May be called twice. */
  close(): Promise<void>;
}
