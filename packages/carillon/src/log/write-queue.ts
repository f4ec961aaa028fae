import type { EncodedEvent } from './event-codec.js';
import type { Appended } from './log.js';

/**
 * A batch takes no further append beyond so many events or bytes. Small enough that the first half of many who wait for
 * each other is told while the other half is being written, so that neither thread waits for the other.
 */
const batchEvents = 512;
const batchBytes = 16_777_216;

/** A further batch is handed over while others are written when it has this many events; fewer wait for company. */
const eagerBatchEvents = 64;

/** How many batches are handed over to the storage at a time. */
const batchesInFlight = 4;

/** What the queue works with. */
export interface WriteQueueParts {
  /** Writes a batch: see `LogStorage.write`. */
  readonly write: (events: readonly EncodedEvent[]) => Promise<void>;
  /** Writes a single append at once, or says that it does not: see `LogStorage.writeNow`. */
  readonly writeNow: ((events: readonly EncodedEvent[]) => boolean) | undefined;
  /** Everything up to `head` is durable. Called before the appends are told. */
  readonly onDurable: (head: number) => void;
  /** Everything beyond `head` will never be durable. Called before the appends are told. */
  readonly onFailure: (head: number) => void;
}

interface WaitingAppend {
  readonly appended: Appended;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

interface Settled {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Appends that share a transaction. */
class Batch {
  readonly events: EncodedEvent[] = [];
  readonly appends: WaitingAppend[] = [];
  sizeBytes = 0;
  settled: Settled | undefined;

  get last(): number {
    return (this.events[this.events.length - 1] as EncodedEvent).position;
  }

  untilDurable(): Promise<void> {
    this.settled ??= newSettled();
    return this.settled.promise;
  }
}

/**
 * Group commit: gathers appends into batches. When nothing is being written, what was appended in this turn of the event
 * loop goes out at the turn's end, without any timer; while something is being written, the next batch forms by itself.
 */
export class WriteQueue {
  readonly #parts: WriteQueueParts;
  #durable: number;
  #forming: Batch[] = [];
  #inFlight: Batch[] = [];
  #flushing = false;
  #waitingEvents = 0;
  #waitingBytes = 0;
  #whenEmpty: (() => void)[] = [];

  constructor(durable: number, parts: WriteQueueParts) {
    this.#durable = durable;
    this.#parts = parts;
  }

  /** The position of the last durable event. */
  get durable(): number {
    return this.#durable;
  }

  /** How many events are not durable yet. */
  get waitingEvents(): number {
    return this.#waitingEvents;
  }

  /** How much memory they take, roughly. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Adds the events of one append. Resolves when they are durable. */
  add(events: readonly EncodedEvent[]): Promise<Appended> {
    let batch = this.#forming[this.#forming.length - 1];
    if (batch === undefined || batch.events.length + events.length > batchEvents || batch.sizeBytes > batchBytes) {
      batch = new Batch();
      this.#forming.push(batch);
    }
    for (const event of events) {
      batch.events.push(event);
      batch.sizeBytes += event.sizeBytes;
      this.#waitingBytes += event.sizeBytes;
    }
    this.#waitingEvents += events.length;
    const { appends } = batch;
    const appended = { first: (events[0] as EncodedEvent).position, last: batch.last };
    const told = new Promise<Appended>((resolve, reject) => appends.push({ appended, resolve, reject }));
    this.#flushSoon();
    return told;
  }

  /** Settles when it is certain whether everything up to a position is durable; undefined when it is now. */
  untilDurable(position: number): Promise<void> | undefined {
    if (position <= this.#durable) return undefined;
    const batch =
      this.#inFlight.find(({ last }) => last >= position) ?? this.#forming.find(({ last }) => last >= position);
    return batch?.untilDurable();
  }

  /** Resolves when nothing waits any more, for better or worse. */
  whenEmpty(): Promise<void> {
    if (this.#waitingEvents === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /**
   * When nothing is being written, all requests that have arrived are heard first: an append that is alone then may be written at
   * once. But once there is enough for a batch it goes out, so that it is written while the rest of them is still being decided.
   */
  #flushSoon(): void {
    if (!this.#wantsFlush) return;
    const isEnough = this.#forming.length > 1 || (this.#forming[0] as Batch).events.length >= eagerBatchEvents;
    if (isEnough) this.#flush();
    else if (!this.#flushing) {
      this.#flushing = true;
      const flush = () => {
        this.#flushing = false;
        this.#flush();
      };
      if (this.#parts.writeNow === undefined) queueMicrotask(flush);
      else setImmediate(flush);
    }
  }

  get #wantsFlush(): boolean {
    const next = this.#forming[0];
    if (next === undefined || this.#inFlight.length >= batchesInFlight) return false;
    return this.#inFlight.length === 0 || this.#forming.length > 1 || next.events.length >= eagerBatchEvents;
  }

  #flush(): void {
    while (this.#wantsFlush) {
      const batch = this.#forming.shift() as Batch;
      const isAlone = batch.appends.length === 1 && this.#inFlight.length === 0 && this.#forming.length === 0;
      this.#inFlight.push(batch);
      if (isAlone && this.#writeNow(batch)) return;
      this.#parts.write(batch.events).then(
        () => this.#succeed(batch),
        (error: unknown) => this.#fail(batch, error),
      );
    }
  }

  /** Says whether the batch was seen to, for better or worse. */
  #writeNow(batch: Batch): boolean {
    try {
      if (this.#parts.writeNow?.(batch.events) !== true) return false;
      this.#succeed(batch);
    } catch (error) {
      this.#fail(batch, error);
    }
    return true;
  }

  #succeed(batch: Batch): void {
    if (this.#inFlight[0] !== batch) return;
    this.#inFlight.shift();
    this.#leave(batch);
    this.#durable = batch.last;
    this.#flush();
    this.#parts.onDurable(this.#durable);
    batch.settled?.resolve();
    for (const append of batch.appends) append.resolve(append.appended);
    this.#tellWhenEmpty();
  }

  /** What was decided on the events of a failed batch must fail with it, and all that waits may have been. */
  #fail(batch: Batch, error: unknown): void {
    if (!this.#inFlight.includes(batch)) return;
    const lost = [...this.#inFlight, ...this.#forming];
    this.#inFlight = [];
    this.#forming = [];
    for (const one of lost) this.#leave(one);
    this.#parts.onFailure(this.#durable);
    for (const one of lost) {
      one.settled?.reject(error);
      for (const append of one.appends) append.reject(error);
    }
    this.#tellWhenEmpty();
  }

  #leave(batch: Batch): void {
    this.#waitingEvents -= batch.events.length;
    this.#waitingBytes -= batch.sizeBytes;
  }

  #tellWhenEmpty(): void {
    if (this.#waitingEvents > 0) return;
    for (const resolve of this.#whenEmpty) resolve();
    this.#whenEmpty = [];
  }
}

function newSettled(): Settled {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Whoever asked may have lost interest; the appends themselves are told in any case.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
