import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../definitions/clock.js';
import type { NewEvent, RecordedEvent } from '../definitions/event.js';
import { checkRoom, encodeAppend } from './append-limits.js';
import type { EncodedEvent, EventCodec } from './event-codec.js';
import type { AppendCondition, Appended, Loaded, LoadRead, Log, ReadOptions } from './log.js';
import { AppendConditionError, LogClosedError } from './log-errors.js';
import { maxPendingEvents } from './log-limits.js';
import { checkLogQuery, type LogQuery } from './log-query.js';
import type { LogStorage } from './log-storage.js';
import { checkPosition, checkReadOptions } from './read-options.js';
import type { RecentEvents } from './recent-events.js';
import { WriteQueue } from './write-queue.js';

/** How many blocks of recent events stay in memory even if the archive has them, so that hot entities need no I/O. */
const keptBlocks = 2;

/** How many archived events are fetched before others get their turn. */
const archiveChunk = 1_000;

/** What a sequencer works with. */
export interface SequencerParts {
  readonly storage: LogStorage;
  /** The newest events: all that the archive does not have. */
  readonly recent: RecentEvents;
  readonly clock: Clock;
  readonly codec: EventCodec;
  /** Default `maxPendingEvents`. */
  readonly maxPendingEvents?: number | undefined;
  /** Called when everything is closed. */
  readonly onClosed?: () => void;
}

/**
 * The log of one process: it gives every append its place at the moment of the call, checks its condition against
 * everything before that place, whether durable yet or not, and leaves the writing to a storage.
 *
 * What waits to be written is visible to `load` and to conditions only. If it cannot be written, all that waits is
 * rejected, and the log is again what it was when it was last durable.
 */
export class Sequencer implements Log {
  readonly #storage: LogStorage;
  readonly #recent: RecentEvents;
  readonly #clock: Clock;
  readonly #codec: EventCodec;
  readonly #maxPendingEvents: number;
  readonly #onClosed: (() => void) | undefined;
  readonly #queue: WriteQueue;
  readonly #listeners = new Set<(head: number) => void>();
  #closing: Promise<void> | undefined;

  constructor(parts: SequencerParts) {
    this.#storage = parts.storage;
    this.#recent = parts.recent;
    this.#clock = parts.clock;
    this.#codec = parts.codec;
    this.#maxPendingEvents = parts.maxPendingEvents ?? maxPendingEvents;
    this.#onClosed = parts.onClosed;
    this.#queue = new WriteQueue(parts.recent.last, {
      write: (events) => this.#storage.write(events),
      writeNow: parts.storage.writeNow && ((events) => parts.storage.writeNow!(events)),
      onDurable: (head) => this.#onDurable(head),
      onFailure: (head) => this.#recent.truncate(head),
    });
  }

  append(events: readonly NewEvent[], condition?: AppendCondition): Promise<Appended> {
    try {
      this.#checkOpen();
      const encoded = encodeAppend(events, this.#codec);
      this.#checkRoom(encoded);
      const conflict = condition && this.#findConflict(condition);
      if (conflict !== undefined) return this.#refuse(conflict);
      return this.#queue.add(this.#place(encoded));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  async read(query: LogQuery, options: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    this.#checkOpen();
    checkLogQuery(query);
    const { after, before, limit, backwards } = checkReadOptions(options);
    const last = Math.min(this.#queue.durable, before - 1);
    const recent = (missing: number) => this.#recent.find(query, after, last, missing, backwards);
    const archived = (missing: number) => this.#findArchived(query, { after, before, limit: missing, backwards });

    const [first, second] = backwards ? [recent, archived] : [archived, recent];
    const found = first(limit);
    return found.length === limit ? found : found.concat(second(limit - found.length));
  }

  load(reads: readonly LoadRead[]): Loaded | Promise<Loaded> {
    this.#checkOpen();
    const position = this.#recent.last;
    const durable = this.#queue.untilDurable(position);
    const unfinished: (() => Promise<void>)[] = [];
    const events = reads.map(({ query, after }) => {
      checkLogQuery(query);
      checkPosition('after', after);
      const recentFirst = this.#recent.first;
      const recent = this.#recent.find(query, after, position, Number.POSITIVE_INFINITY);
      const range = { after, before: recentFirst, limit: archiveChunk, backwards: false };
      const archived = this.#findArchived(query, range);
      if (archived.length === 0) return recent;
      if (archived.length === archiveChunk) unfinished.push(() => this.#loadRest(query, recentFirst, archived, recent));
      else for (const event of recent) archived.push(event);
      return archived;
    });
    const loaded = { events, position, durable };
    return unfinished.length === 0 ? loaded : this.#complete(loaded, unfinished);
  }

  async head(): Promise<number> {
    this.#checkOpen();
    return this.#queue.durable;
  }

  onAppend(listener: (head: number) => void): () => void {
    // A listener given twice is called twice, and each is taken out on its own.
    const own = (head: number) => listener(head);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new LogClosedError();
  }

  #checkRoom(events: readonly EncodedEvent[]): void {
    const { waitingEvents, waitingBytes } = this.#queue;
    checkRoom(events, { events: waitingEvents, bytes: waitingBytes, maxEvents: this.#maxPendingEvents });
  }

  /** The position of the first event, durable or not yet, that should not be there. */
  #findConflict({ failIfEventsMatch, after = 0 }: AppendCondition): number | undefined {
    checkLogQuery(failIfEventsMatch);
    checkPosition('after', after);
    const range = { after, before: this.#recent.first, limit: 1, backwards: false };
    const conflict =
      this.#findArchived(failIfEventsMatch, range)[0] ??
      this.#recent.find(failIfEventsMatch, after, this.#recent.last, 1)[0];
    return conflict?.position;
  }

  /** If the conflicting event is not durable yet, it may never be: then the append fails for that reason instead. */
  async #refuse(conflictingPosition: number): Promise<never> {
    await this.#queue.untilDurable(conflictingPosition);
    throw new AppendConditionError(conflictingPosition);
  }

  /** The events become visible to `load` and to conditions. */
  #place(events: EncodedEvent[]): EncodedEvent[] {
    const recordedAtMs = this.#clock().getTime();
    for (const event of events) {
      event.position = this.#recent.last + 1;
      event.recordedAtMs = recordedAtMs;
      this.#recent.add(event);
    }
    return events;
  }

  #findArchived(query: LogQuery, range: Parameters<LogStorage['find']>[1]): RecordedEvent[] {
    const { first } = this.#recent;
    if (range.after + 1 >= Math.min(range.before, first)) return [];
    return this.#storage.find(query, range.before <= first ? range : { ...range, before: first });
  }

  /** What is archived never changes, so that it can be fetched in several turns and is still of one position. */
  async #loadRest(query: LogQuery, before: number, archived: RecordedEvent[], recent: RecordedEvent[]): Promise<void> {
    for (let chunk = archived; chunk.length === archiveChunk; ) {
      await nextTurn();
      this.#checkOpen();
      const after = archived.at(-1)?.position ?? 0;
      chunk = this.#storage.find(query, { after, before, limit: archiveChunk, backwards: false });
      for (const event of chunk) archived.push(event);
    }
    for (const event of recent) archived.push(event);
  }

  async #finish(): Promise<void> {
    await this.#queue.whenEmpty();
    await this.#storage.close();
    this.#onClosed?.();
  }

  async #complete(loaded: Loaded, unfinished: readonly (() => Promise<void>)[]): Promise<Loaded> {
    for (const read of unfinished) await read();
    return loaded;
  }

  #onDurable(head: number): void {
    this.#recent.release(this.#storage.archivedThrough, keptBlocks);
    // Each in its own microtask: one that throws is seen, and harms neither the log nor the other listeners.
    for (const listener of this.#listeners) queueMicrotask(() => listener(head));
  }
}
