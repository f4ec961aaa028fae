import { setMaxListeners } from 'node:events';
import type { RecordedEvent } from '../definitions/event.js';
import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import type { LogQuery } from '../log/log-query.js';
import { readAll } from '../log/read-all.js';
import { attempt } from './attempt.js';
import { Backlog } from './backlog.js';
import type { Claim } from './claim.js';
import { type Delivery, Lanes } from './lanes.js';
import { loadProgress, type Parked } from './progress.js';
import { type Reach, recordOf } from './reach.js';
import { ReactionStoppedError } from './reacting-errors.js';
import type { Cancel, Scheduler } from './scheduler.js';
import { type Slice, sliced } from './slice.js';
import type { Work } from './work.js';
import { reactionTag, sliceTag, type WorkEvents, type WorkEventType, workData, workEvent } from './work-events.js';

/** So much is taken on at most before some of it is done. */
const maxBacklog = 1_000;
const pageSize = 250;

/** How often it is recorded how far a reaction has got, in milliseconds. What was done since is done again after a crash. */
const recordIntervalMs = 1_000;

/** When nothing was to be done, it is recorded only after so many events that it has got farther. */
const recordPassedEvents = 10_000;

/** How long to wait when the log could not be read or written, in milliseconds. */
const logRetryMs = 500;

/** What a reactor works with. */
export interface ReactorParts {
  readonly log: Log;
  readonly scheduler: Scheduler;
  readonly onFailure: (failure: ReactionFailure) => void;
  /** Only the keys of this slice are done here. */
  readonly slice?: Slice | undefined;
  /** Where processes share the work: nothing is begun or recorded that somebody else does by now. */
  readonly claim?: Claim | undefined;
}

/** Something could not be done. */
export interface ReactionFailure {
  readonly reaction: string;
  readonly error: unknown;
  /** Undefined when the log could not be read or written: that is tried again. */
  readonly event: RecordedEvent | undefined;
  /** `retried`: after the first attempt; it is made again. `parked`: after the last one. */
  readonly outcome: 'retried' | 'parked';
}

/** Where a reaction stands. */
export interface ReactorStatus {
  /** Everything up to here is done or parked. */
  readonly position: number;
  /** Events that it has begun with, or that wait their turn in memory. */
  readonly open: number;
  readonly parked: readonly Parked[];
}

/**
 * Does the work of one reaction: reads the events it is about, does those of one key in order and those of different keys
 * side by side, each at least once, and tries again what fails. What still fails is parked: its key waits for an operator, and all
 * others go on.
 *
 * How far it has got and what is parked stands in the log: nothing else has to be kept.
 */
export class Reactor {
  readonly #work: Work;
  readonly #log: Log;
  readonly #scheduler: Scheduler;
  readonly #onFailure: ReactorParts['onFailure'];
  readonly #slice: Slice | undefined;
  readonly #claim: Claim | undefined;
  readonly #query: LogQuery;
  readonly #lanes = new Lanes();
  readonly #stop = new AbortController();
  /** What ends each wait when the reaction is stopped. */
  readonly #waits = new Set<Cancel>();
  readonly #running = new Set<Promise<void>>();
  #backlog = new Backlog(0);
  /** How far it had got when it was started: where that is farther than the backlog, only some types are still to be done. */
  #reach: Reach = { types: [], position: 0, behind: new Map() };
  #parked = new Map<string, Parked>();
  #head = 0;
  #active = 0;
  #recorded = 0;
  /** Something was done since it was last recorded how far it has got: what it is not about is not worth an event. */
  #hasDone = false;
  #recording: Cancel | undefined;
  #isStarted = false;
  #pumping = false;
  #whenIdle: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(work: Work, { log, scheduler, onFailure, slice, claim }: ReactorParts) {
    this.#work = slice === undefined ? work : sliced(work, slice);
    this.#slice = slice;
    this.#claim = claim;
    this.#log = log;
    this.#scheduler = scheduler;
    this.#onFailure = onFailure;
    const operations = ['carillon:event-retried', 'carillon:event-skipped'];
    // Every attempt listens for it.
    setMaxListeners(0, this.#stop.signal);
    this.#query = { items: [...work.query.items, { types: operations, tags: [reactionTag(work.name)] }] };
  }

  /** Goes on where it was; a new one is recorded as started. */
  async start(): Promise<void> {
    const { reach, position, parked } = await loadProgress(this.#log, this.#work, this.#slice);
    this.#reach = reach;
    this.#backlog = new Backlog(position);
    this.#recorded = position;
    this.#parked = parked;
    for (const one of parked.values()) if (one.resumeAfter !== undefined) this.#catchUp(one, one.resumeAfter);
    const head = await this.#log.head();
    this.#isStarted = true;
    this.wake(head);
  }

  /** Says that the log has grown to `head`. */
  wake(head: number): void {
    if (head > this.#head) this.#head = head;
    if (this.#isStarted) void this.#pump();
  }

  status(): ReactorStatus {
    return { position: this.#backlog.done, open: this.#backlog.size, parked: [...this.#parked.values()] };
  }

  /** Resolves when everything up to the head that it was told of is done or parked. Not while something waits to be tried again. */
  whenIdle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Ends what is being done, records how far it has got, and lets go. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const isLost = this.#stop.signal.aborted;
    if (!isLost) this.#halt();
    await Promise.allSettled([...this.#running]);
    // What is not recorded is done again.
    if (!isLost) await this.#record(this.#slice === undefined ? recordPassedEvents : 1).catch(() => undefined);
    this.#tellWhenIdle();
  }

  get #isIdle(): boolean {
    return (
      this.#stop.signal.aborted ||
      (this.#backlog.size === 0 && this.#running.size === 0 && this.#backlog.done >= this.#head)
    );
  }

  /** Takes on what has happened, as far as there is room for it. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (!this.#stop.signal.aborted && this.#backlog.taken < this.#head && this.#backlog.size < maxBacklog) {
        const head = this.#head;
        const events = await this.#log.read(this.#query, { after: this.#backlog.taken, limit: pageSize });
        if (this.#stop.signal.aborted) return;
        for (const event of events) this.#take(event);
        if (events.length < pageSize) this.#backlog.skipTo(head);
        if (this.#backlog.done - this.#recorded >= recordPassedEvents) this.#recordSoon();
        this.#begin();
      }
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#report(error);
      this.#wait(logRetryMs, () => void this.#pump());
    } finally {
      this.#pumping = false;
    }
    this.#tellWhenIdle();
  }

  #take(event: RecordedEvent): void {
    const retried = workData(event, 'carillon:event-retried');
    const skipped = workData(event, 'carillon:event-skipped');
    const operation = retried ?? skipped;
    if (operation?.reaction === this.#work.name) {
      this.#backlog.skipTo(event.position);
      // What was parked when it was started takes account of it.
      if (this.#isPassed(event)) return;
      const parked = this.#parked.get(operation.key);
      if (parked?.position !== operation.position || parked.resumeAfter !== undefined) return;
      this.#catchUp(parked, retried === undefined ? operation.position : operation.position - 1);
      return;
    }
    const keys = this.#work.keysOf(event).filter((key) => this.#isDue(event, key));
    this.#backlog.take(event.position, keys.length);
    // What belongs to other slices only passed by; that is worth recording, or this one would look as if it had it before it.
    if (keys.length === 0 && this.#slice !== undefined) {
      this.#hasDone = true;
      this.#recordSoon();
    }
    for (const key of keys) this.#lanes.add({ event, key, attempts: 0 });
  }

  /** Whether all but types that were passed over was done there when it was started. */
  #isPassed({ position }: RecordedEvent): boolean {
    return position <= this.#reach.position;
  }

  /** What is parked takes everything behind it of its key with it: it is read again when the key goes on. */
  #isDue(event: RecordedEvent, key: string): boolean {
    const parked = this.#parked.get(key);
    if (!this.#isPassed(event)) return parked === undefined || parked.resumeAfter !== undefined;
    const after = this.#reach.behind.get(event.type);
    if (after === undefined || event.position <= after) return false;
    return parked === undefined || event.position < parked.position;
  }

  /** Begins with what may be begun. */
  #begin(): void {
    while (this.#active < this.#work.maxConcurrency && !this.#stop.signal.aborted) {
      const delivery = this.#lanes.next();
      if (delivery === undefined || !this.#mayBegin()) return;
      this.#run(this.#deliver(delivery));
    }
  }

  /** Whether an attempt may be begun: not when the reaction is stopped, and not when somebody else may do the work by now. */
  #mayBegin(): boolean {
    if (this.#stop.signal.aborted) return false;
    if (this.#claim?.isHeld() !== false) return true;
    this.#lose();
    return false;
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { event, key } = delivery;
    this.#active++;
    const failure = await this.#try(delivery);
    this.#active--;
    if (this.#stop.signal.aborted) return;
    if (failure === undefined) {
      this.#lanes.finish(key);
      this.#finish(event.position);
    } else if (this.#isHopeless(delivery, failure.error)) {
      await this.#park(delivery, failure.error);
    } else {
      this.#wait(this.#delayMs(delivery.attempts), () => {
        this.#lanes.release(key);
        this.#begin();
      });
    }
    this.#begin();
    if (this.#backlog.size < maxBacklog) void this.#pump();
  }

  /** Tries once. Undefined when it was done. */
  async #try(delivery: Delivery): Promise<{ readonly error: unknown } | undefined> {
    const { event, key } = delivery;
    delivery.attempts++;
    try {
      await attempt(this.#scheduler, this.#work.timeoutMs, this.#stop.signal, (signal) =>
        this.#work.perform(event, key, { number: delivery.attempts, signal, isLate: this.#isPassed(event) }),
      );
      return undefined;
    } catch (error) {
      if (!this.#stop.signal.aborted && delivery.attempts === 1) this.#report(error, event);
      return { error };
    }
  }

  #isHopeless({ attempts }: Delivery, error: unknown): boolean {
    return attempts >= this.#work.retry.maxAttempts || this.#work.isFinal?.(error) === true;
  }

  /** Doubled each time, half of it random: those that failed together are not tried again together. */
  #delayMs(attempts: number): number {
    const { baseDelayMs, maxDelayMs } = this.#work.retry;
    const longest = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempts - 1));
    return longest / 2 + (this.#scheduler.random() * longest) / 2;
  }

  /** Records that the event cannot be done; everything of its key waits behind it from now on. */
  async #park({ event, key, attempts }: Delivery, error: unknown): Promise<void> {
    await this.#parkOnly({ event, key, attempts }, error);
    for (const { event: waiting } of this.#lanes.remove(key)) this.#finish(waiting.position);
  }

  async #parkOnly({ event, key, attempts }: Delivery, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const { position, type: eventType } = event;
    this.#report(error, event, 'parked');
    const parkedAt = this.#scheduler.clock();
    this.#parked.set(key, { key, position, eventType, message, attempts, parkedAt, resumeAfter: undefined });
    await this.#append('carillon:event-parked', {
      reaction: this.#work.name,
      key,
      position,
      eventType,
      message,
      attempts,
    });
  }

  /** Does what has waited behind a parked event, while what comes in waits behind that. */
  #catchUp(parked: Parked, after: number): void {
    const { key, position } = parked;
    this.#parked.set(key, { ...parked, resumeAfter: after });
    this.#lanes.hold(key);
    this.#run(this.#redo(key, position, after, Math.max(this.#backlog.taken, this.#reach.position)));
  }

  async #redo(key: string, position: number, after: number, through: number): Promise<void> {
    for await (const event of readAll(this.#log, this.#work.query, { after, pageSize })) {
      if (event.position > through || this.#stop.signal.aborted) break;
      if (!this.#work.keysOf(event).includes(key)) continue;
      const delivery: Delivery = { event, key, attempts: 0 };
      while (this.#mayBegin()) {
        const failure = await this.#try(delivery);
        if (failure === undefined || this.#stop.signal.aborted) break;
        if (this.#isHopeless(delivery, failure.error)) return this.#park(delivery, failure.error);
        await this.#pause(this.#delayMs(delivery.attempts));
      }
    }
    if (this.#stop.signal.aborted) return;
    await this.#append('carillon:key-resumed', { reaction: this.#work.name, key, position });
    this.#parked.delete(key);
    this.#lanes.release(key);
    this.#begin();
  }

  #finish(position: number): void {
    this.#backlog.finish(position);
    this.#hasDone = true;
    this.#recordSoon();
  }

  #recordSoon(): void {
    this.#recording ??= this.#scheduler.after(recordIntervalMs, () => {
      this.#recording = undefined;
      this.#run(this.#record(recordPassedEvents));
    });
  }

  /** @param worth how many events are worth it when none of them was to be done */
  async #record(worth: number): Promise<void> {
    const position = this.#backlog.done;
    const passed = position - this.#recorded;
    if (passed === 0 || (!this.#hasDone && passed < worth)) return;
    this.#hasDone = false;
    this.#recorded = position;
    const reaction = this.#work.name;
    const recorded = { reaction, ...recordOf(this.#reach, position) };
    const [data, tag] =
      this.#slice === undefined
        ? [recorded, reactionTag(reaction)]
        : [{ ...recorded, slice: this.#slice.index }, sliceTag(reaction, this.#slice.index)];
    await this.#append('carillon:reaction-advanced', data, tag);
  }

  /** Somebody else does the work by now, or may: nothing of it is begun here any more, and whoever has the lease next begins anew. */
  #lose(): void {
    this.#halt();
    this.#claim?.giveBack();
    this.#tellWhenIdle();
  }

  #halt(): void {
    this.#stop.abort(new ReactionStoppedError());
    for (const end of this.#waits) end();
    this.#recording?.();
  }

  /** Tries until it is recorded, or the log is closed: an event whose parking is not recorded would be lost. */
  async #append<Type extends WorkEventType>(
    type: Type,
    data: WorkEvents[Type],
    tag: string = reactionTag(this.#work.name),
  ): Promise<void> {
    for (;;) {
      try {
        await this.#log.append([workEvent(type, data, [tag])], this.#claim?.condition);
        return;
      } catch (error) {
        if (error instanceof AppendConditionError) return this.#lose();
        this.#report(error);
        this.#stop.signal.throwIfAborted();
        await this.#pause(logRetryMs);
        this.#stop.signal.throwIfAborted();
      }
    }
  }

  #report(error: unknown, event?: RecordedEvent, outcome: ReactionFailure['outcome'] = 'retried'): void {
    this.#onFailure({ reaction: this.#work.name, error, event, outcome });
  }

  #run(work: Promise<void>): void {
    const running: Promise<void> = work
      .catch((error: unknown) => this.#report(error))
      .finally(() => {
        this.#running.delete(running);
        this.#tellWhenIdle();
      });
    this.#running.add(running);
  }

  #wait(delayMs: number, work: () => void): void {
    const cancel = this.#scheduler.after(delayMs, () => {
      this.#waits.delete(cancel);
      work();
    });
    this.#waits.add(cancel);
  }

  /** Resolves after a while, or as soon as the reaction is stopped: closing waits for who pauses. */
  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        this.#waits.delete(end);
        resolve();
      };
      const cancel = this.#scheduler.after(delayMs, end);
      this.#waits.add(end);
    });
  }

  #tellWhenIdle(): void {
    if (!this.#isIdle) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
