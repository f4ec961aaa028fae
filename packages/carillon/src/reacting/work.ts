import type { RecordedEvent } from '../definitions/event.js';
import type { RetryPolicy, StartsAt } from '../definitions/reaction.js';
import type { LogQuery } from '../log/log-query.js';

/** One attempt at one event. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Aborted when the time is up or the reaction is stopped. */
  readonly signal: AbortSignal;
  /** Whether later events of the key may have been done before: a version passed this one over that is not about its type. */
  readonly isLate: boolean;
}

/** What is to be done for events, in order for each key: a reaction, or a process manager. */
export interface Work {
  readonly name: string;
  /** The events it is about. */
  readonly query: LogQuery;
  readonly startsAt: StartsAt;
  /** How many keys are worked on at a time. */
  readonly maxConcurrency: number;
  readonly timeoutMs: number;
  readonly retry: Required<RetryPolicy>;
  /** What the event must be done in order with; none when it does not matter after all. */
  keysOf(event: RecordedEvent): readonly string[];
  /** Does it. Called again when it throws, or when it is not known whether it was done: at least once. */
  perform(event: RecordedEvent, key: string, attempt: Attempt): Promise<void>;
  /** Whether trying again is of no use. */
  isFinal?(error: unknown): boolean;
}
