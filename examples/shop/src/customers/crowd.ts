// Simulated customers: a program beside the shop. It looks at what everybody can see, and does everything by commands.
import { setMaxListeners } from 'node:events';
import { NotRunningError, type RunningApplication } from 'carillon/runtime';
import { CancelOrder, RequestRefund } from '../ordering/cancelling.js';
import { PlaceOrder } from '../ordering/placing.js';
import type { Chance } from './chance.js';
import { type Afterthought, afterthought, customerId, fillBasket, type Offered } from './habits.js';
import { pause } from './pause.js';
import { fillUp, lookAtShelves } from './shelves.js';
import { SimulatedCustomers } from './switch.js';

/** How a crowd behaves, where it is not said otherwise. */
export interface CrowdOptions {
  /** Sends everybody home. */
  readonly signal: AbortSignal;
  /** Default: chance. */
  readonly chance?: Chance;
  /** How long customers take to think better of it, in milliseconds; at most three times that. Default 1,500. */
  readonly secondThoughtsMs?: number;
}

/** How often it is looked whether orders are due, in milliseconds. */
const tickMs = 50;
/** How often the shelves are looked at, in milliseconds: more often while there is nothing on them. */
const lookMs = { stocked: 5_000, empty: 250 };
/** The most orders that are being placed at a time: when the shop is slower than its customers, they wait at the door. */
const maxPlacing = 64;
/** The most customers who think about what they ordered; those beyond keep it. */
const maxThinking = 1_000;

/**
 * Lets simulated customers in, as many as the switch says, until the shop is closed or the signal is aborted. What is sold out meanwhile
 * comes in again: somebody has to fill the shelves.
 *
 * @returns when everybody has gone home
 */
export async function openDoors(running: RunningApplication, options: Partial<CrowdOptions> = {}): Promise<void> {
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const crowd = new Crowd(running, { ...options, signal });
  const watching = watchSwitch(running, crowd, signal).finally(() => closing.abort());
  while (!signal.aborted) {
    await pause(tickMs, signal);
    crowd.tick(performance.now());
  }
  await crowd.goesHome();
  await watching;
}

async function watchSwitch(running: RunningApplication, crowd: Crowd, signal: AbortSignal): Promise<void> {
  try {
    for await (const { result } of running.subscribe(SimulatedCustomers({}), { signal })) {
      crowd.comesAt(result.ordersPerMinute);
    }
  } catch (error) {
    if (!signal.aborted && !(error instanceof NotRunningError)) throw error;
  }
}

/** Those who are in the shop. Whoever lets them in says what time it is, in milliseconds. */
export class Crowd {
  readonly #running: RunningApplication;
  readonly #signal: AbortSignal;
  readonly #chance: Chance;
  readonly #secondThoughtsMs: number;
  readonly #placing = new Set<Promise<void>>();
  readonly #thinking = new Set<Promise<void>>();
  /** Tells the orders of this crowd from those of others. */
  readonly #name: string;
  #ordersPerMinute = 0;
  /** Orders that should have been placed by now. */
  #due = 0;
  #count = 0;
  #offered: readonly Offered[] = [];
  #tickedAt = performance.now();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(running: RunningApplication, { signal, chance = Math.random, secondThoughtsMs = 1_500 }: CrowdOptions) {
    this.#running = running;
    this.#signal = signal;
    // Everybody listens whether it is time to go home.
    setMaxListeners(maxThinking + maxPlacing, signal);
    this.#chance = chance;
    this.#secondThoughtsMs = secondThoughtsMs;
    this.#name = `sim-${Date.now().toString(36)}`;
  }

  /** So many orders a minute are placed from here on. */
  comesAt(ordersPerMinute: number): void {
    this.#ordersPerMinute = ordersPerMinute;
    this.#due = 0;
  }

  /** Places the orders that are due. */
  tick(now: number): void {
    const passedMs = now - this.#tickedAt;
    this.#tickedAt = now;
    if (this.#ordersPerMinute === 0 || this.#signal.aborted) return;
    if (now - this.#lookedAt > (this.#offered.length > 0 ? lookMs.stocked : lookMs.empty)) {
      this.#lookedAt = now;
      this.#keep(this.#placing, this.#lookAround());
    }
    // What could not be placed in time is not made up for: the rate is a rate, not a debt.
    this.#due = Math.min(this.#due + (this.#ordersPerMinute * passedMs) / 60_000, maxPlacing);
    for (; this.#due >= 1 && this.#offered.length > 0 && this.#placing.size < maxPlacing; this.#due--) {
      this.#count++;
      this.#keep(this.#placing, this.#visit(`${this.#name}-${this.#count}`));
    }
  }

  /** Resolves when nobody is left. */
  async goesHome(): Promise<void> {
    await Promise.all([...this.#placing, ...this.#thinking]);
  }

  /** Whoever is sent away at the door, or while the shop closes, comes again another time. */
  #keep(where: Set<Promise<void>>, work: Promise<void>): void {
    const kept: Promise<void> = work.catch(() => {}).finally(() => where.delete(kept));
    where.add(kept);
  }

  async #lookAround(): Promise<void> {
    const { offered, soldOut } = await lookAtShelves(this.#running);
    this.#offered = offered;
    await fillUp(this.#running, soldOut, this.#chance);
  }

  async #visit(orderId: string): Promise<void> {
    const lines = fillBasket(this.#offered, this.#chance);
    const then = afterthought(this.#chance);
    const placed = await this.#running.execute(PlaceOrder({ orderId, customerId: customerId(this.#chance), lines }));
    if (placed.rejected || then === 'none' || this.#thinking.size >= maxThinking) return;
    this.#keep(this.#thinking, this.#thinkAgain(orderId, then));
  }

  async #thinkAgain(orderId: string, then: Afterthought): Promise<void> {
    const thinksMs = this.#secondThoughtsMs * (1 + 2 * this.#chance());
    // Whoever returns something has had it in the hand before.
    await pause(then === 'cancels' ? thinksMs : 4 * thinksMs, this.#signal);
    if (this.#signal.aborted) return;
    if (then === 'cancels') await this.#running.execute(CancelOrder({ orderId, reason: 'Changed my mind' }));
    else await this.#running.execute(RequestRefund({ orderId, reason: 'It is not what I expected' }));
  }
}
