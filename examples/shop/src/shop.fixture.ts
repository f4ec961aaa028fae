// A shop on a clock that stands still, and a provider that answers when it is told to.

import { allEvents, readAll } from 'carillon/log';
import { testApplication, testClock } from 'carillon/testing';
import { expect, onTestFinished, vi } from 'vitest';
import { problemsAtRest } from './invariants.js';
import { ReceiveStock } from './inventory/commands.js';
import { PlaceOrder } from './ordering/placing.js';
import type { PaymentProvider } from './payment/payment-provider.js';
import { memoryBook } from './provider/book.js';
import { fairPlan, type Plan } from './provider/plan.js';
import { SimulatedProvider } from './provider/simulated-provider.js';
import { type ShopParts, shopWith } from './shop.js';
import { AddProduct } from './storefront/commands.js';

/** Calls that get no answer are made again at once. */
const calls = { timeoutMs: 10_000, retry: { maxAttempts: 5, baseDelayMs: 1, maxDelayMs: 1 } };

interface OpenOptions extends Omit<ShopParts, 'provider'> {
  readonly plan?: Plan;
  /** Stands between the shop and the provider. */
  readonly line?: (provider: PaymentProvider) => PaymentProvider;
}

/** Opens a shop with ten mugs and one pan, and closes it after the test. */
export async function openShop({ plan = fairPlan, line = (provider) => provider, ...parts }: OpenOptions = {}) {
  const clock = testClock();
  const book = memoryBook();
  const provider = line(new SimulatedProvider({ book, plan }));
  const application = shopWith({ provider, calls, ...parts });
  const running = await testApplication(application, { clock });
  onTestFinished(() => running.close());
  for (const [productId, quantity] of [
    ['mug', 10],
    ['pan', 1],
  ] as const) {
    const price = { amount: 950, currency: 'EUR' };
    await running.execute(AddProduct({ productId, name: `The ${productId}`, category: 'Kitchen', price }));
    await running.execute(ReceiveStock({ productId, quantity }));
  }

  /** What all modules have recorded about an order, in order. What the customer is told comes when it comes. */
  const history = async (orderId = 'o1') => {
    const events = await running.log.read({ items: [{ tags: [`order:${orderId}`] }] });
    return events.map(({ type }) => type).filter((type) => type !== 'CustomerNotified');
  };
  return {
    running,
    clock,
    book,
    history,
    place: (orderId = 'o1', customerId = 'ada', productId = 'mug', quantity = 2) =>
      running.execute(PlaceOrder({ orderId, customerId, lines: [{ productId, quantity }] })),
    /** Resolves when something has happened to an order. */
    happened: (type: string, orderId = 'o1') =>
      vi.waitFor(async () => expect(await history(orderId)).toContain(type), { interval: 2, timeout: 30_000 }),
    /** What the customer was told, in order. */
    told: async () => {
      const events = await running.log.read({ items: [{ types: ['CustomerNotified'] }] });
      return events.map(({ data }) => (data as { message: string }).message);
    },
    /** Resolves when nothing is left to do, and everything is as it must be then. */
    settled: async () => {
      await running.idle();
      const events = [];
      for await (const event of readAll(running.log, allEvents)) events.push(event);
      expect(problemsAtRest(events, book.entries())).toEqual([]);
    },
    /** Takes a part of the shop out of work: what happens meanwhile it does when it is back. */
    without: async (reaction: string) => {
      await running.stopReaction(reaction);
      return () => running.addReaction(application.reactions.get(reaction)!);
    },
  };
}

/** A line to the provider on which questions wait until they are let through. */
export function heldLine() {
  let letThrough!: () => void;
  const open = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  const asked: string[] = [];
  const line = (provider: PaymentProvider): PaymentProvider => ({
    charge: async (request, options) => {
      asked.push(request.orderId);
      await open;
      return provider.charge(request, options);
    },
    refund: (request, options) => provider.refund(request, options),
  });
  return { line, asked, letThrough };
}
