import { setTimeout as sleep } from 'node:timers/promises';
import type { Publisher, Subscription, Transport } from './transport.js';

/** What goes wrong, each from 0 (never) to 1 (always). */
export interface Faults {
  /** A message is acknowledged, and lost. */
  readonly loss?: number;
  /** A message is stored twice. */
  readonly repetition?: number;
  /** A message is stored before the one before it. */
  readonly reordering?: number;
  /** A publication or a question fails, after some of it was done. */
  readonly failure?: number;
}

interface Kept {
  bodies: string[];
  hasForgotten: boolean;
}

/** A broker in memory that loses, repeats and reorders what it has acknowledged, and is away when it is told to be. */
export class LossyBroker {
  faults: Faults = {};
  isAway = false;
  readonly #random: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #positions = new Map<string, number>();
  readonly #answers = new Map<string, (request: string) => Promise<string>>();
  readonly #reconnected = new Set<() => void>();

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Forgets everything, as when its storage is deleted. */
  wipe(): void {
    this.#kept.clear();
    this.#positions.clear();
    for (const listener of this.#reconnected) listener();
  }

  /** Loses what it acknowledged last. */
  loseLast(count: number): void {
    for (const kept of this.#kept.values()) kept.bodies.splice(-count);
    for (const listener of this.#reconnected) listener();
  }

  /** Drops what is kept, by its own rules. */
  expire(): void {
    for (const [name, kept] of this.#kept) {
      for (const key of this.#positions.keys()) if (key.endsWith(name)) this.#positions.set(key, 0);
      kept.bodies = [];
      kept.hasForgotten = true;
    }
  }

  get transport(): Transport {
    return {
      name: 'a broker in memory',
      publish: async (publisher, messages) => {
        this.#check();
        for (const { body } of messages) {
          if (this.#happens('failure')) throw new Error('no acknowledgement');
          this.#store(this.#of(publisher).bodies, body);
        }
        await sleep(1);
      },
      kept: async (publisher) => {
        this.#check();
        const { bodies, hasForgotten } = this.#of(publisher);
        return { last: bodies.at(-1), hasForgotten };
      },
      subscribe: async (publisher, subscriber, receive) => this.#subscribe(publisher, subscriber, receive),
      answer: async (publisher, answer) => {
        this.#check();
        this.#answers.set(key(publisher), answer);
        return async () => {
          this.#answers.delete(key(publisher));
        };
      },
      ask: async (publisher, request) => {
        this.#check();
        const answer = this.#answers.get(key(publisher));
        if (answer === undefined || this.#happens('failure')) throw new Error('nobody answers');
        return answer(request);
      },
      maxBytes: async () => 2_000,
      onReconnect: (listener) => {
        this.#reconnected.add(listener);
        return () => this.#reconnected.delete(listener);
      },
      close: async () => undefined,
    };
  }

  #subscribe(
    publisher: Publisher,
    subscriber: string,
    receive: (bodies: readonly string[]) => Promise<void>,
  ): Subscription {
    this.#check();
    const name = `${subscriber} of ${key(publisher)}`;
    let isClosed = false;
    const deliver = async (): Promise<void> => {
      while (!isClosed) {
        await sleep(1);
        this.#check();
        const position = this.#positions.get(name) ?? 0;
        const bodies = this.#of(publisher).bodies.slice(position, position + 1 + Math.floor(this.#random() * 10));
        if (bodies.length === 0) continue;
        await receive(bodies);
        this.#positions.set(name, position + bodies.length);
      }
    };
    const ended = deliver();
    ended.catch(() => undefined);
    return {
      ended,
      close: async () => {
        isClosed = true;
        await ended.catch(() => undefined);
      },
    };
  }

  #store(bodies: string[], body: string): void {
    if (this.#happens('loss')) return;
    if (this.#happens('reordering')) bodies.splice(Math.max(0, bodies.length - 1), 0, body);
    else bodies.push(body);
    if (this.#happens('repetition')) bodies.push(body);
  }

  #of(publisher: Publisher): Kept {
    const kept = this.#kept.get(key(publisher)) ?? { bodies: [], hasForgotten: false };
    this.#kept.set(key(publisher), kept);
    return kept;
  }

  #happens(fault: keyof Faults): boolean {
    return this.#random() < (this.faults[fault] ?? 0);
  }

  #check(): void {
    if (this.isAway) throw new Error('the broker is away');
  }
}

function key({ system, module }: Publisher): string {
  return `${system}/${module}`;
}
