import { setTimeout as sleep } from 'node:timers/promises';
import type { NewEvent } from '../definitions/event.js';
import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import type { Claim } from '../reacting/claim.js';
import { fallenBehind, fetched, type InboxProgress, loadInbox, nextToFetch, passedOver } from './inbox-progress.js';
import { contradicts } from './landmark.js';
import type { Link } from './link.js';
import { persist } from './persist.js';
import { type PublishedEvent, readIfPublished } from './published-event.js';
import { PublisherAwayError, PublisherBehindError, PublisherChangedError } from './relay-errors.js';
import { inboxTag, relayEvent } from './relay-events.js';
import { askForReplay } from './replay.js';
import type { Publisher, Transport } from './transport.js';

/** After so long without a message the publisher is asked whether there is something, in milliseconds. */
const defaultAskMs = 10_000;

/** So far it may get by events that are not consumed before that is recorded. */
const recordPassed = 10_000;

/** What an inbox works with. */
export interface InboxParts {
  readonly log: Log;
  readonly publisher: Publisher;
  /** Under which name messages are kept for this service. */
  readonly subscriber: string;
  /** The types of events that this service consumes. */
  readonly types: readonly string[];
  readonly transport: Transport;
  readonly onFailure: (error: unknown) => void;
  /** Takes note of whether it can do what it is there for. */
  readonly link?: Link | undefined;
  /** Where processes share the work: nothing is appended by one that no longer does it. */
  readonly claim?: Claim | undefined;
  readonly askMs?: number | undefined;
}

/**
 * Takes in what another service publishes: each event once, in the publisher's order, none left out. Every event names the one
 * before it by its position; when that has not come in, the publisher is asked for what its log has in between.
 *
 * How far it has got stands in the log, on the events that came in: nothing else has to be kept.
 */
export class Inbox {
  readonly #parts: InboxParts;
  readonly #consumed: ReadonlySet<string>;
  readonly #stop = new AbortController();
  #progress: InboxProgress = { position: 0, behind: new Map(), known: undefined };
  #recorded = 0;
  #heardMs = Number.NEGATIVE_INFINITY;
  /** One thing at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #done: Promise<void> | undefined;

  constructor(parts: InboxParts) {
    this.#parts = parts;
    this.#consumed = new Set(parts.types);
  }

  /** What is consumed of the publisher's log is in this one, up to here; but for types that are still to be fetched. */
  get position(): number {
    return this.#progress.position;
  }

  start(): void {
    const { onFailure, link } = this.#parts;
    this.#done = persist(() => this.#run(), { signal: this.#stop.signal, onFailure, link });
  }

  /** Ends what has begun. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    await this.#turn.catch(() => undefined);
    if (this.#progress.position > this.#recorded) await this.#record().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { transport, publisher, subscriber, log, types } = this.#parts;
    const { isRecorded, ...progress } = await loadInbox(log, publisher.module, types);
    this.#progress = progress;
    this.#recorded = progress.position;
    if (!isRecorded) await this.#record();
    await this.#unlessAway(() => this.#fetchLate());
    const subscription = await transport.subscribe(publisher, subscriber, (bodies) =>
      this.#inTurn(() => this.#receive(bodies)),
    );
    this.#parts.link?.works();
    const stop = new AbortController();
    const asking = this.#askNowAndThen(AbortSignal.any([this.#stop.signal, stop.signal]));
    try {
      await Promise.race([subscription.ended, asking]);
    } finally {
      stop.abort();
      await subscription.close();
      await asking.catch(() => undefined);
    }
  }

  /** Asks when it starts, and when it has been quiet: what was lost last nothing comes after that would show it. */
  async #askNowAndThen(signal: AbortSignal): Promise<void> {
    const { askMs = defaultAskMs } = this.#parts;
    while (!signal.aborted) {
      const waitMs = this.#heardMs + askMs - performance.now();
      if (waitMs > 0) {
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
        continue;
      }
      this.#heardMs = performance.now();
      await this.#unlessAway(() =>
        this.#inTurn(async () => {
          await this.#fetch();
          await this.#fetchLate();
        }),
      );
    }
  }

  /** Asks the publisher for something. False when it cannot be asked: then what is kept on the way must do for now. */
  async #unlessAway(ask: () => Promise<void>): Promise<boolean> {
    try {
      await ask();
      return true;
    } catch (error) {
      if (error instanceof PublisherAwayError) return false;
      throw error;
    }
  }

  async #receive(bodies: readonly string[]): Promise<void> {
    this.#heardMs = performance.now();
    let batch: PublishedEvent[] = [];
    let { position } = this.#progress;
    let isThere = true;
    for (const body of bodies) {
      const published = this.#read(body);
      if (published === undefined) continue;
      this.#checkSame(published);
      if (published.position <= position) continue;
      if (published.previous > position) {
        await this.#append(batch, position);
        batch = [];
        await this.#fetch(published.previous);
        position = this.#progress.position;
        if (published.position <= position) continue;
      }
      const { types } = published;
      if (this.#isPassedOver(types) || (isThere && this.#canCatchUp(types))) {
        await this.#append(batch, position);
        batch = [];
        await this.#fallBehind(types);
        if (isThere && this.#canCatchUp(types)) isThere = await this.#unlessAway(() => this.#fetchLate());
      }
      batch.push(published);
      position = published.position;
    }
    await this.#append(batch, position);
  }

  #read(body: string): PublishedEvent | undefined {
    // Not from a relay. Had it been an event, the next one would show that it is missing.
    return readIfPublished(body, this.#parts.publisher, this.#parts.onFailure);
  }

  /** @throws PublisherChangedError */
  #checkSame(published: PublishedEvent): void {
    const { known } = this.#progress;
    if (known !== undefined && contradicts(published, known)) {
      throw new PublisherChangedError(this.#parts.publisher, known.position);
    }
  }

  /** Gets what comes next from the publisher's log: all there is, at least up to a position. */
  async #fetch(until = 0): Promise<void> {
    const { transport, publisher, types } = this.#parts;
    for (;;) {
      this.#stop.signal.throwIfAborted();
      const wanted = types.filter((type) => !this.#progress.behind.has(type));
      const { known } = this.#progress;
      const answer = await askForReplay(transport, publisher, { after: this.position, types: wanted, known });
      const { events, through, isMore } = answer;
      await this.#fallBehind(answer.types);
      await this.#append(events, through);
      if (isMore) continue;
      if (this.position < until) throw new PublisherBehindError(publisher, until, this.position);
      return;
    }
  }

  /** Gets what was published before of types that are consumed from now on, or known to the publisher from now on. */
  async #fetchLate(): Promise<void> {
    const { transport, publisher, types } = this.#parts;
    let wanted = types;
    for (let next = nextToFetch(this.#progress, wanted); next; next = nextToFetch(this.#progress, wanted)) {
      this.#stop.signal.throwIfAborted();
      const request = { ...next, known: this.#progress.known };
      const {
        events,
        through,
        isMore,
        types: covered = next.types,
      } = await askForReplay(transport, publisher, request);
      // Another version of the publisher may know the others.
      wanted = wanted.filter((type) => covered.includes(type) || !next?.types.includes(type));
      if (covered.length === 0) continue;
      const late = events.filter(({ position }) => position <= this.position);
      const progress = fetched(this.#progress, covered, isMore ? through : this.position);
      await this.#write([...this.#incoming(late), this.#advanced(progress)]);
      this.#progress = progress;
    }
  }

  #isPassedOver(known: readonly string[] | undefined): boolean {
    return passedOver(this.#progress, this.#parts.types, known).length > 0;
  }

  /** Whether a sender knows a type that is still to be fetched. */
  #canCatchUp(known: readonly string[] = []): boolean {
    return known.some((type) => this.#consumed.has(type) && this.#progress.behind.has(type));
  }

  /** Records, before anything is taken from a sender, that types which it does not know must be fetched from here on. */
  async #fallBehind(known: readonly string[] | undefined): Promise<void> {
    const passed = passedOver(this.#progress, this.#parts.types, known);
    if (passed.length === 0) return;
    this.#progress = fallenBehind(this.#progress, passed);
    await this.#record();
  }

  /** Appends those that are consumed, which records how far the inbox has got. */
  async #append(batch: readonly PublishedEvent[], through: number): Promise<void> {
    const { behind } = this.#progress;
    const consumed = batch.filter(({ event: { type } }) => this.#consumed.has(type) && !behind.has(type));
    const last = consumed.at(-1);
    const known = last && { id: last.event.id, type: last.event.type, position: last.position };
    const progress = {
      ...this.#progress,
      position: Math.max(through, this.position),
      known: known ?? this.#progress.known,
    };
    if (consumed.length > 0) {
      const events = this.#incoming(consumed);
      const isMarked = events.at(-1)?.tags.includes(this.#tag) === true;
      await this.#write(isMarked ? events : [...events, this.#advanced(progress)]);
      this.#recorded = last?.position ?? this.#recorded;
    }
    this.#progress = progress;
    if (progress.position - this.#recorded > recordPassed) await this.#record();
  }

  async #record(): Promise<void> {
    await this.#write([this.#advanced(this.#progress)]);
    this.#recorded = this.position;
  }

  async #write(events: readonly NewEvent[]): Promise<void> {
    const { log, claim } = this.#parts;
    try {
      await log.append(events, claim?.condition);
    } catch (error) {
      if (error instanceof AppendConditionError) {
        // Another process does it now, or will.
        this.#stop.abort(error);
        claim?.giveBack();
      }
      throw error;
    }
  }

  get #tag(): string {
    return inboxTag(this.#parts.publisher.module);
  }

  #incoming(batch: readonly PublishedEvent[]): NewEvent[] {
    return batch.map(({ event }) => ({ ...event, tags: [...event.tags, this.#tag] }));
  }

  #advanced({ position, behind }: InboxProgress): NewEvent {
    const { publisher, types } = this.#parts;
    const { module } = publisher;
    return relayEvent('carillon:inbox-advanced', { module, position, types, behind: Object.fromEntries(behind) });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
