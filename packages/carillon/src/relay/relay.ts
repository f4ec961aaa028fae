import type { Log } from '../log/log.js';
import type { Claimant } from '../reacting/claim.js';
import { stands } from './landmark.js';
import type { Link } from './link.js';
import { persist } from './persist.js';
import { type PublishedEvent, readIfPublished, writePublished } from './published-event.js';
import { RelayAheadError } from './relay-errors.js';
import { relayEvent, relayTag } from './relay-events.js';
import type { Publisher, Transport } from './transport.js';

/** So many events are sent at a time. */
const pageSize = 500;

/** How often it is looked whether what was acknowledged is still there, in milliseconds. */
const defaultLookMs = 30_000;

/** How often it is recorded how far the relay has got, in milliseconds. */
const recordIntervalMs = 60_000;

/** What a relay works with. */
export interface RelayParts {
  readonly log: Log;
  readonly publisher: Publisher;
  /** The types of events that the module publishes. */
  readonly types: readonly string[];
  readonly transport: Transport;
  readonly onFailure: (error: unknown) => void;
  /** Takes note of whether it can do what it is there for. */
  readonly link?: Link | undefined;
  /** Where processes share the work: it stops when its lease has run out. Two that do it send events twice, and do no other harm. */
  readonly lease?: Claimant['lease'] | undefined;
  readonly lookMs?: number | undefined;
}

/**
 * Sends what a module publishes, in the order of the log, each event at least once. Where it goes on, what is kept on the way says: when
 * that is less than was sent before, because a broker lost it, the rest is sent again.
 */
export class Relay {
  readonly #parts: RelayParts;
  readonly #stop = new AbortController();
  readonly #lookMs: number;
  #position = 0;
  #recorded = 0;
  #recordedMs = performance.now();
  #isToLook = true;
  #hasLooked = false;
  #wake: (() => void) | undefined;
  #isAwake = false;
  #done: Promise<void> | undefined;
  #stopListening = () => {};

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#lookMs = parts.lookMs ?? defaultLookMs;
  }

  /** The position of the last event that was sent. */
  get position(): number {
    return this.#position;
  }

  /** Whether it knows what was sent before. */
  get hasLooked(): boolean {
    return this.#hasLooked;
  }

  start(): void {
    const { transport, log, onFailure, link } = this.#parts;
    const stopWaking = log.onAppend(() => this.wake());
    const stopReconnect = transport.onReconnect(() => {
      this.#isToLook = true;
      this.wake();
    });
    this.#stopListening = () => {
      stopWaking();
      stopReconnect();
    };
    this.#done = persist(() => this.#run(), { signal: this.#stop.signal, onFailure, link });
  }

  /** Says that there may be something to do. */
  wake(): void {
    this.#isAwake = true;
    this.#wake?.();
  }

  async close(): Promise<void> {
    this.#stopListening();
    this.#stop.abort();
    this.#wake?.();
    await this.#done;
    await this.#record().catch(() => undefined);
  }

  async #run(): Promise<void> {
    this.#isToLook = true;
    while (!this.#stop.signal.aborted) {
      if (this.#parts.lease?.isHeld() === false) return this.#lose();
      if (this.#isToLook) await this.#look();
      this.#isAwake = false;
      const hasSent = await this.#sendPage();
      this.#parts.link?.works();
      if (hasSent) continue;
      if (performance.now() - this.#recordedMs > recordIntervalMs) await this.#record();
      if (!(await this.#woken())) this.#isToLook = true;
    }
  }

  /** Another process may do it by now: nothing is sent any more, and whoever has the lease next begins anew. */
  #lose(): void {
    this.#stop.abort();
    this.#parts.lease?.giveBack();
  }

  /** Looks at what is kept of what was sent, and goes on after it. */
  async #look(): Promise<void> {
    const { transport, publisher, log } = this.#parts;
    this.#isToLook = false;
    const { last, hasForgotten } = await transport.kept(publisher);
    const sent = last === undefined ? undefined : this.#read(last);
    if (sent !== undefined) {
      const { position, event } = sent;
      // Behind a log that was restored its own events would be left out that stand where others were sent from.
      if (!(await stands(log, { position, id: event.id }))) {
        throw new RelayAheadError(publisher, position, await log.head(), transport.name);
      }
      this.#position = position;
    } else if (last === undefined && !hasForgotten) this.#position = 0;
    else this.#position = Math.max(this.#position, await this.#recordedPosition());
    this.#hasLooked = true;
    const head = await log.head();
    if (this.#position > head) throw new RelayAheadError(publisher, this.#position, head, transport.name);
  }

  #read(body: string): PublishedEvent | undefined {
    // Not from a relay: it does not say how far one has got.
    return readIfPublished(body, this.#parts.publisher, this.#parts.onFailure);
  }

  /** Sends the next events. False when there are none. */
  async #sendPage(): Promise<boolean> {
    const { log, publisher, types, transport } = this.#parts;
    const events = await log.read({ items: [{ types }] }, { after: this.#position, limit: pageSize });
    if (events.length === 0) return false;
    let previous = this.#position;
    const messages = events.map((event) => {
      const message = writePublished(event, publisher, previous, types);
      previous = event.position;
      return message;
    });
    await transport.publish(publisher, messages);
    this.#position = previous;
    return true;
  }

  /** Waits for something to do. False when it is time to look at what is kept. */
  async #woken(): Promise<boolean> {
    if (this.#isAwake || this.#stop.signal.aborted) return true;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, this.#lookMs);
    });
    clearTimeout(timer);
    this.#wake = undefined;
    return this.#isAwake;
  }

  async #recordedPosition(): Promise<number> {
    const { log, publisher } = this.#parts;
    const [last] = await log.read(
      { items: [{ types: ['carillon:relay-advanced'], tags: [relayTag(publisher.module)] }] },
      { backwards: true, limit: 1 },
    );
    this.#recorded = (last?.data as { position: number } | undefined)?.position ?? 0;
    return this.#recorded;
  }

  async #record(): Promise<void> {
    this.#recordedMs = performance.now();
    if (this.#position <= this.#recorded) return;
    this.#recorded = this.#position;
    const { log, publisher } = this.#parts;
    await log.append([relayEvent('carillon:relay-advanced', { module: publisher.module, position: this.#position })]);
  }
}
