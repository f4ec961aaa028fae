import { setTimeout as sleep } from 'node:timers/promises';
import type { NewEvent, RecordedEvent } from 'carillon';
import {
  AppendConditionError,
  type Clock,
  checkLogQuery,
  checkPosition,
  checkRoom,
  type EncodedEvent,
  type EventCodec,
  encodeAppend,
  LogClosedError,
  type RecentEvents,
} from 'carillon/adapters';
import type { AppendCondition, Appended, Loaded, LoadRead, Log, LogQuery, ReadOptions } from 'carillon/log';
import { isConnectionError } from '../connection/connection-errors.js';
import type { Archive } from './archive.js';
import type { BatchWriter, Place } from './batch-writer.js';
import { Certainties } from './certainties.js';
import { Continuity } from './continuity.js';
import { type EventRow, encodedEvent } from './event-rows.js';
import type { Follower } from './follower.js';
import type { Indexer } from './indexer.js';
import { askError, closedInBetween, writeError } from './log-problems.js';
import { LogSetBackError } from './log-set-back-error.js';
import { Pending, type PendingAppend } from './pending.js';
import { Reading } from './reading.js';
import { watchedFor } from './watched.js';

/** How many blocks of recent events stay in memory even if the index has them, so that hot entities need no I/O. */
const keptBlocks = 2;

/** For so long after a batch another one is expected, in milliseconds. */
const restMs = 5;

/** How long to wait before a database that cannot be reached is asked again, in milliseconds. */
const askAgainMs = 100;

/** How long closing waits for what is being appended, and then for the connections, in milliseconds: the database may be away. */
const closeAppendsMs = 4_000;
const closeConnectionsMs = 1_000;

/** What a PostgreSQL log works with. */
export interface PostgresLogParts {
  readonly archive: Archive;
  readonly writer: BatchWriter;
  readonly indexer: Indexer;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly recent: RecentEvents;
  readonly maxPendingEvents: number;
  /** How long a database that cannot be reached is waited for, in milliseconds. */
  readonly patienceMs: number;
  readonly follow: (look: () => Promise<void>) => Follower;
  readonly onClosed: () => Promise<void>;
}

/**
 * The log of one of several processes. It knows every event up to some head, and checks conditions in memory: against those, and
 * against what it is about to append itself, which has provisional positions. When it turns out that another process was first, it
 * takes in what that one has appended, checks once more what that may have changed, and gives what is left new places.
 */
export class PostgresLog implements Log {
  readonly #parts: PostgresLogParts;
  readonly #recent: RecentEvents;
  readonly #reading: Reading;
  readonly #continuity: Continuity;
  readonly #pending = new Pending();
  readonly #follower: Follower;
  readonly #listeners = new Set<(head: number) => void>();
  #durable: number;
  readonly #certainties = new Certainties();
  #flushing: Promise<void> | undefined;
  #isFlushDue = false;
  #closing: Promise<void> | undefined;
  /** How many batches were begun, and which of them was the last that told what others had appended before it. */
  #begun = 0;
  #told = 0;
  #toldAt = 0;

  constructor(parts: PostgresLogParts) {
    this.#parts = parts;
    this.#recent = parts.recent;
    this.#durable = parts.recent.last;
    const { archive, codec, recent } = parts;
    this.#continuity = new Continuity({ archive, codec, recent, durable: () => this.#durable });
    this.#reading = new Reading({
      recent: parts.recent,
      archive: parts.archive,
      durable: () => this.#durable,
      untilCertain: (position) => this.#untilCertain(position),
      ask: (question) => this.#ask(question),
      askPatiently: (question) => this.#ask(question, parts.patienceMs),
      checkOpen: () => this.#checkOpen(),
    });
    this.#follower = parts.follow(() => this.#lookUnlessTold());
  }

  async start(): Promise<void> {
    await this.#follower.start();
    this.#parts.indexer.index(this.#durable, false);
  }

  /** Says that a connection was made by which events are read. */
  connected(): void {
    this.#continuity.connected();
  }

  append(events: readonly NewEvent[], condition?: AppendCondition): Promise<Appended> {
    try {
      this.#checkOpen();
      const encoded = encodeAppend(events, this.#parts.codec);
      this.#checkRoom(encoded);
      if (condition === undefined) return this.#place(encoded, condition);
      const { failIfEventsMatch, after = 0 } = condition;
      checkLogQuery(failIfEventsMatch);
      checkPosition('after', after);
      if (after + 1 < this.#recent.first) return this.#appendUnlessArchived(encoded, condition);
      if (after > this.#recent.last) return this.#appendUnseen(encoded, condition);
      return this.#place(encoded, condition);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  async read(query: LogQuery, options: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    this.#checkOpen();
    return this.#reading.read(query, options);
  }

  load(reads: readonly LoadRead[]): Loaded | Promise<Loaded> {
    this.#checkOpen();
    return this.#reading.load(reads);
  }

  head(): Promise<number> {
    return this.#catchUp(0);
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

  async #finish(): Promise<void> {
    const { writer, indexer, onClosed } = this.#parts;
    writer.hurry(closeAppendsMs);
    if (!(await endsWithin(this.#flushed(), closeAppendsMs))) this.#undo(closedInBetween());
    // What does not end by then ends when the database answers, or says that it will not: nobody waits for it.
    const readers = Promise.all([this.#follower.close(), indexer.close()]).then(() => onClosed());
    await endsWithin(Promise.all([readers, writer.close()]), closeConnectionsMs);
  }

  async #flushed(): Promise<void> {
    while (this.#flushing !== undefined || this.#isFlushDue) await (this.#flushing ?? new Promise(setImmediate));
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new LogClosedError();
    this.#continuity.check();
  }

  #checkRoom(events: readonly EncodedEvent[]): void {
    const { events: waiting, bytes } = this.#pending;
    checkRoom(events, { events: waiting, bytes, maxEvents: this.#parts.maxPendingEvents });
  }

  async #appendUnlessArchived(events: EncodedEvent[], condition: AppendCondition): Promise<Appended> {
    const { failIfEventsMatch, after = 0 } = condition;
    const [conflict] = await this.#reading.findArchived(failIfEventsMatch, { after, limit: 1 });
    if (conflict !== undefined) throw new AppendConditionError(conflict.position);
    this.#checkOpen();
    this.#checkRoom(events);
    return this.#place(events, condition);
  }

  async #catchUp(patienceMs: number): Promise<number> {
    this.#checkOpen();
    const head = await this.#ask(() => this.#continuity.checkedHead(), patienceMs);
    // Whoever learns of a head may read up to it.
    while (this.#durable < head) {
      const before = this.#durable;
      await this.#ask(() => this.#look(), patienceMs);
      // Nothing has come: is it still there?
      if (this.#durable === before) await this.#ask(() => this.#continuity.checkedHead(head), patienceMs);
    }
    return this.#durable;
  }

  /** For a decision on events that another process has told of, and this one has not heard of yet. */
  async #appendUnseen(events: EncodedEvent[], condition: AppendCondition): Promise<Appended> {
    await this.#catchUp(this.#parts.patienceMs);
    this.#checkOpen();
    this.#checkRoom(events);
    return this.#place(events, condition);
  }

  /** Gives events their provisional places, if the condition allows. */
  #place(events: EncodedEvent[], condition: AppendCondition | undefined): Promise<Appended> {
    const after = condition?.after ?? 0;
    if (condition !== undefined) {
      const [conflict] = this.#recent.find(condition.failIfEventsMatch, after, this.#recent.last, 1);
      if (conflict !== undefined) return this.#refuse(conflict.position);
    }
    const isSpeculative = condition !== undefined && after > this.#durable && after <= this.#recent.last;
    const recordedAtMs = this.#parts.clock().getTime();
    for (const event of events) {
      event.position = this.#recent.last + 1;
      event.recordedAtMs = recordedAtMs;
      this.#recent.add(event);
    }
    return new Promise<Appended>((resolve, reject) => {
      this.#pending.add({ events, condition, isSpeculative, resolve, reject });
      this.#flushSoon();
    });
  }

  /** If the conflicting event is not durable yet, it may never be: then the append fails for that reason instead. */
  async #refuse(position: number): Promise<never> {
    await this.#untilCertain(position);
    throw new AppendConditionError(position);
  }

  /** A microtask lets all who were woken by the batch before append to the same next batch. */
  #flushSoon(): void {
    if (this.#flushing !== undefined || this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => {
      this.#isFlushDue = false;
      this.#flushing ??= this.#flush().finally(() => {
        this.#flushing = undefined;
        if (this.#pending.events > 0) this.#flushSoon();
      });
    });
  }

  async #flush(): Promise<void> {
    while (this.#pending.events > 0) {
      this.#pending.take();
      const number = ++this.#begun;
      try {
        await this.#parts.writer.write(this.#batchPlace(), (foreign, isWritten) => this.#rebase(foreign, isWritten));
        this.#told = number;
        this.#toldAt = performance.now();
      } catch (error) {
        this.#undo(error);
        return;
      }
      this.#succeed(this.#pending.finish());
    }
  }

  #batchPlace(): Place {
    const { batch } = this.#pending;
    const events = batch.flatMap((append) => append.events);
    // What was decided on events whose positions change is decided again.
    const isFixed = batch.some(({ isSpeculative }) => isSpeculative);
    const watched = isFixed ? undefined : watchedFor(batch.flatMap(({ condition }) => condition ?? []));
    return { head: this.#durable, events, watched, compare: (row) => this.#continuity.compare(row) };
  }

  #succeed(appends: readonly PendingAppend[]): void {
    for (const { events } of appends) this.#durable = Math.max(this.#durable, events[events.length - 1]!.position);
    this.#certainties.confirm(this.#durable);
    for (const { events, resolve } of appends) {
      resolve({ first: events[0]!.position, last: events[events.length - 1]!.position });
    }
    if (appends.length === 0) return;
    this.#onDurable(true);
    this.#follower.tell();
  }

  /** Everything that waits may rest on what could not be written. */
  #undo(cause: unknown): void {
    if (cause instanceof LogSetBackError) this.#continuity.isBroken(cause);
    const error = writeError(cause);
    const lost = this.#pending.all();
    this.#pending.keep(() => false);
    this.#recent.truncate(this.#durable);
    this.#certainties.disappoint(() => error);
    for (const { reject } of lost) reject(error);
  }

  /**
   * Takes in what other processes have appended, and gives what waits here new places behind it, as far as it may still be appended.
   *
   * @param isWritten the batch was appended behind it
   */
  #rebase(foreign: readonly EventRow[], isWritten: boolean): Place {
    const before = this.#durable;
    this.#takeIn(foreign);
    if (this.#durable > before) {
      this.#certainties.disappoint(() => new AppendConditionError(before + 1));
      const isPossible = (append: PendingAppend) => this.#isStillPossible(append, before);
      if (isWritten) this.#pending.keepWaiting(isPossible);
      else this.#pending.keep(isPossible);
      for (const { events } of this.#pending.all()) {
        for (const event of events) {
          event.position = this.#recent.last + 1;
          this.#recent.add(event);
        }
      }
      this.#onDurable(false);
    }
    return this.#batchPlace();
  }

  /** Checks an append against what others appended after `before`; everything else it was checked against already. */
  #isStillPossible({ condition, isSpeculative, reject }: PendingAppend, before: number): boolean {
    if (condition === undefined) return true;
    const after = Math.max(condition.after ?? 0, before);
    const [conflict] = isSpeculative ? [] : this.#recent.find(condition.failIfEventsMatch, after, this.#durable, 1);
    if (conflict === undefined && !isSpeculative) return true;
    reject(new AppendConditionError(conflict?.position ?? before + 1));
    return false;
  }

  /** Looks what others have appended, unless a batch that begins from now on tells it: reading it twice would keep the database busy. */
  async #lookUnlessTold(): Promise<void> {
    const asked = this.#begun;
    while (this.#told <= asked && (this.#pending.events > 0 || performance.now() < this.#toldAt + restMs)) {
      await sleep(restMs);
    }
    if (this.#told <= asked) await this.#look();
  }

  /** Looks what others have appended, once what is being appended here is certain. */
  async #look(): Promise<void> {
    for (;;) {
      this.#continuity.check();
      if (this.#pending.events > 0) {
        await this.#untilCertain(this.#recent.last)?.catch(() => undefined);
        return;
      }
      const rows = await this.#parts.archive.following(this.#durable);
      await this.#continuity.checkNewest();
      if (rows.length === 0) {
        if (this.#continuity.isDue) await this.#continuity.checkedHead();
        return;
      }
      if (this.#pending.events > 0) continue;
      // Meanwhile this process itself may have appended some of them.
      const before = this.#durable;
      this.#takeIn(rows.filter(([position]) => position > before));
      if (this.#durable > before) this.#onDurable(false);
    }
  }

  #takeIn(rows: readonly EventRow[]): void {
    this.#recent.truncate(this.#durable);
    for (const row of rows) {
      this.#recent.add(encodedEvent(row, this.#parts.codec));
      this.#durable = row[0];
    }
  }

  /** @param isOwn the newest events are of this process */
  #onDurable(isOwn: boolean): void {
    this.#parts.indexer.index(this.#durable, isOwn);
    this.#recent.release(Math.min(this.#parts.indexer.indexedThrough, this.#durable), keptBlocks);
    const head = this.#durable;
    // Each in its own microtask: one that throws is seen, and harms neither the log nor the other listeners.
    for (const listener of this.#listeners) queueMicrotask(() => listener(head));
  }

  /** Settles when it is certain whether everything up to a position is durable there; undefined when it is. */
  #untilCertain(position: number): Promise<void> | undefined {
    return position <= this.#durable ? undefined : this.#certainties.of(position);
  }

  /** Asks the database, for as long as there is patience, and says so clearly when it cannot be asked. */
  async #ask<T>(question: () => Promise<T>, patienceMs = 0): Promise<T> {
    for (const deadline = performance.now() + patienceMs; ; ) {
      try {
        return await question();
      } catch (cause) {
        if (cause instanceof LogSetBackError) throw cause;
        const isOver = this.#closing !== undefined || performance.now() > deadline;
        if (isOver || !isConnectionError(cause)) throw askError(cause);
      }
      await sleep(askAgainMs);
    }
  }
}

/** Whether something ends in time. @throws what it throws until then */
async function endsWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}
