import type { RecordedEvent } from '../definitions/event.js';
import type { Log } from '../log/log.js';
import type { LogQuery } from '../log/log-query.js';
import { Activity } from './activity.js';
import { attempt } from './attempt.js';
import { Backlog } from './backlog.js';
import type { Claim } from './claim.js';
import { type Delivery, Lanes } from './lanes.js';
import { loadProgress, type Parked, skippedAt } from './progress.js';
import type { Reach } from './reach.js';
import { ReactionStoppedError } from './reacting-errors.js';
import { Resumption } from './resumption.js';
import type { Scheduler } from './scheduler.js';
import { type Slice, sliced } from './slice.js';
import type { Work } from './work.js';
import { reactionTag, workData } from './work-events.js';
import { WorkRecord } from './work-record.js';

/** So much is taken on at most before some of it is done. */
const maxBacklog = 1_000;
const pageSize = 250;

/** How long to wait when the log could not be read, in milliseconds. */
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
  readonly #lanes = new Lanes<Delivery | Resumption>();
  readonly #activity: Activity;
  readonly #record: WorkRecord;
  #backlog = new Backlog(0);
  /** How far it had got when it was started: where that is farther than the backlog, only some types are still to be done. */
  #reach: Reach = { types: [], position: 0, behind: new Map() };
  #parked = new Map<string, Parked>();
  /** Keys of which it is being recorded that they are parked: nobody can decide about them before. */
  readonly #parking = new Set<string>();
  /** What operators have given up: it is not done, whatever else is done again. */
  #skipped = new Set<string>();
  /** How many keys go on with what has waited behind a parked event. */
  #resuming = 0;
  #head = 0;
  #active = 0;
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
    this.#activity = new Activity({
      scheduler,
      onError: (error) => this.#report(error),
      onEnded: () => this.#tellWhenIdle(),
    });
    this.#record = new WorkRecord({
      ...{ reaction: work.name, slice, log, claim, activity: this.#activity },
      position: () => this.#backlog.done,
      onError: (error) => this.#report(error),
      onLost: () => this.#lose(),
    });
    const operations = ['carillon:event-retried', 'carillon:event-skipped'];
    this.#query = { items: [...work.query.items, { types: operations, tags: [reactionTag(work.name)] }] };
  }

  /** Goes on where it was; a new one is recorded as started. */
  async start(): Promise<void> {
    const { reach, position, parked, skipped } = await loadProgress(this.#log, this.#work, this.#slice);
    this.#reach = reach;
    this.#backlog = new Backlog(position);
    this.#record.goOnFrom(reach, position);
    this.#parked = parked;
    this.#skipped = skipped;
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
    const parked = [...this.#parked.values()].filter(({ key }) => !this.#parking.has(key));
    return { position: this.#backlog.done, open: this.#backlog.size, parked };
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
    const isLost = this.#activity.isStopped;
    if (!isLost) this.#activity.stop(new ReactionStoppedError());
    await this.#activity.ended();
    // What is not recorded is done again.
    if (!isLost) await this.#record.advance(this.#slice === undefined ? undefined : 1).catch(() => undefined);
    this.#tellWhenIdle();
  }

  get #isIdle(): boolean {
    return (
      this.#activity.isStopped ||
      (this.#backlog.size + this.#resuming === 0 && !this.#activity.isRunning && this.#backlog.done >= this.#head)
    );
  }

  /** Takes on what has happened, as far as there is room for it. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (!this.#activity.isStopped && this.#backlog.taken < this.#head && this.#backlog.size < maxBacklog) {
        const head = this.#head;
        const events = await this.#log.read(this.#query, { after: this.#backlog.taken, limit: pageSize });
        if (this.#activity.isStopped) return;
        for (const event of events) this.#take(event);
        if (events.length < pageSize) this.#backlog.skipTo(head);
        this.#record.notePassed();
        this.#begin();
      }
    } catch (error) {
      if (this.#activity.isStopped) return;
      this.#report(error);
      this.#activity.after(logRetryMs, () => void this.#pump());
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
      if (skipped !== undefined) this.#skipped.add(skippedAt(skipped.key, skipped.position));
      this.#catchUp(parked, retried === undefined ? operation.position : operation.position - 1);
      return;
    }
    const keys = this.#work.keysOf(event).filter((key) => this.#isDue(event, key));
    this.#backlog.take(event.position, keys.length);
    // What belongs to other slices only passed by; that is worth recording, or this one would look as if it had it before it.
    if (keys.length === 0 && this.#slice !== undefined) this.#record.noteDone();
    for (const key of keys) this.#lanes.add({ event, key, attempts: 0 });
  }

  /** Whether all but types that were passed over was done there when it was started. */
  #isPassed({ position }: RecordedEvent): boolean {
    return position <= this.#reach.position;
  }

  /** What is parked takes everything behind it of its key with it: it is read again when the key goes on. */
  #isDue(event: RecordedEvent, key: string): boolean {
    if (this.#isSkipped(key, event.position)) return false;
    const parked = this.#parked.get(key);
    if (!this.#isPassed(event)) return parked === undefined || parked.resumeAfter !== undefined;
    const after = this.#reach.behind.get(event.type);
    if (after === undefined || event.position <= after) return false;
    return parked === undefined || event.position < parked.position;
  }

  #isSkipped(key: string, position: number): boolean {
    return this.#skipped.size > 0 && this.#skipped.has(skippedAt(key, position));
  }

  /** Begins with what may be begun. */
  #begin(): void {
    while (this.#active < this.#work.maxConcurrency && !this.#activity.isStopped) {
      const next = this.#lanes.next();
      if (next === undefined || !this.#mayBegin()) return;
      this.#activity.run(next instanceof Resumption ? this.#goOn(next) : this.#deliver(next));
    }
  }

  /** Whether an attempt may be begun: not when the reaction is stopped, and not when somebody else may do the work by now. */
  #mayBegin(): boolean {
    if (this.#activity.isStopped) return false;
    if (this.#claim?.isHeld() !== false) return true;
    this.#lose();
    return false;
  }

  #deliver(delivery: Delivery): Promise<void> {
    const { event, key } = delivery;
    return this.#attempt(delivery, () => {
      this.#lanes.finish(key);
      this.#finish(event.position);
    });
  }

  /** Does one thing of what has waited behind a parked event; what comes in meanwhile waits behind that. */
  async #goOn(resumption: Resumption): Promise<void> {
    const { key, position } = resumption;
    this.#active++;
    const next = await resumption.next().catch((error: unknown) => ({ error }));
    this.#active--;
    if (!this.#mayBegin()) return;
    if (next !== undefined && 'error' in next) {
      this.#report(next.error);
      this.#releaseLater(key, logRetryMs);
      return this.#begin();
    }
    if (next !== undefined) {
      return this.#attempt(next, () => {
        resumption.done();
        this.#lanes.release(key);
      });
    }
    await this.#record.append('carillon:key-resumed', { reaction: this.#work.name, key, position });
    this.#parked.delete(key);
    this.#resuming--;
    this.#lanes.finish(key);
    this.#begin();
  }

  /** Tries once, and sees to what follows. */
  async #attempt(delivery: Delivery, onDone: () => void): Promise<void> {
    this.#active++;
    const failure = await this.#try(delivery);
    this.#active--;
    if (this.#activity.isStopped) return;
    if (failure === undefined) onDone();
    else if (this.#isHopeless(delivery, failure.error)) await this.#park(delivery, failure.error);
    else this.#releaseLater(delivery.key, this.#delayMs(delivery.attempts));
    this.#begin();
    if (this.#backlog.size < maxBacklog) void this.#pump();
  }

  #releaseLater(key: string, delayMs: number): void {
    this.#activity.after(delayMs, () => {
      this.#lanes.release(key);
      this.#begin();
    });
  }

  /** Tries once. Undefined when it was done. */
  async #try(delivery: Delivery): Promise<{ readonly error: unknown } | undefined> {
    const { event, key } = delivery;
    delivery.attempts++;
    try {
      await attempt(this.#scheduler, this.#work.timeoutMs, this.#activity.signal, (signal) =>
        this.#work.perform(event, key, { number: delivery.attempts, signal, isLate: this.#isPassed(event) }),
      );
      return undefined;
    } catch (error) {
      if (!this.#activity.isStopped && delivery.attempts === 1) this.#report(error, event);
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
    const message = error instanceof Error ? error.message : String(error);
    const { position, type: eventType } = event;
    this.#report(error, event, 'parked');
    const parkedAt = this.#scheduler.clock();
    this.#parked.set(key, { key, position, eventType, message, attempts, parkedAt, resumeAfter: undefined });
    const waiting = this.#lanes.remove(key);
    for (const one of waiting) if (one instanceof Resumption) this.#resuming--;
    this.#parking.add(key);
    await this.#record.append('carillon:event-parked', {
      reaction: this.#work.name,
      key,
      position,
      eventType,
      message,
      attempts,
    });
    this.#parking.delete(key);
    for (const one of waiting) if (!(one instanceof Resumption)) this.#finish(one.event.position);
  }

  /** Does what was parked, or has waited behind it, when it is the turn of its key. */
  #catchUp(parked: Parked, after: number): void {
    const { key, position } = parked;
    this.#parked.set(key, { ...parked, resumeAfter: after });
    this.#resuming++;
    this.#lanes.add(
      new Resumption({
        log: this.#log,
        work: this.#work,
        key,
        position,
        after,
        through: Math.max(this.#backlog.taken, this.#reach.position),
        isSkipped: (one) => this.#isSkipped(key, one),
      }),
    );
    this.#begin();
  }

  #finish(position: number): void {
    this.#backlog.finish(position);
    this.#record.noteDone();
  }

  /** Somebody else does the work by now, or may: nothing of it is begun here any more, and whoever has the lease next begins anew. */
  #lose(): void {
    this.#activity.stop(new ReactionStoppedError());
    this.#claim?.giveBack();
    this.#tellWhenIdle();
  }

  #report(error: unknown, event?: RecordedEvent, outcome: ReactionFailure['outcome'] = 'retried'): void {
    this.#onFailure({ reaction: this.#work.name, error, event, outcome });
  }

  #tellWhenIdle(): void {
    if (!this.#isIdle) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
