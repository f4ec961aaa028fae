import { command, reaction, state } from 'carillon';
import { type Simulation, SimulationError, simulate } from 'carillon/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ReleaseStock, ReserveStock, TakeOutStock } from './inventory/commands.js';
import { StockReceived, StockRefused, StockReserved } from './inventory/events.js';
import { reservation } from './inventory/states.js';
import { CancelOrder } from './ordering/cancelling.js';
import { OrderCancelled, OrderPaid, OrderPlaced } from './ordering/events.js';
import { order } from './ordering/states.js';
import type { PaymentProvider } from './payment/payment-provider.js';
import { RefundDue } from './payment/private-events.js';
import { chargeOrders } from './payment/reactions.js';
import { payment } from './payment/states.js';
import { ParcelShipped } from './shipping/events.js';
import { type Bug, siege } from './simulation.fixture.js';

const faults = { failure: 0.03, duplicate: 0.05, crash: 0.005 };

it('keeps what it promises, whatever fails, crashes and comes late', { timeout: 180_000 }, async () => {
  const scenario = siege();
  const seen = new Set<string>();
  const note = ({ events }: Simulation) => events().forEach(({ type }) => void seen.add(type));
  const report = await simulate({ ...scenario, finally: { ...scenario.finally, note }, runs: 40, faults });
  expect(report.crashes).toBeGreaterThan(100);
  // Every way out was taken.
  const ends = [
    'OrderShipped',
    'StockRefused',
    'PaymentDeclined',
    'ShipmentStopped',
    'CancellationFailed',
    'OrderRefunded',
  ];
  expect([...seen]).toEqual(expect.arrayContaining(ends));
});

/** What is received, whatever of it is set aside. */
const everReceived = state('product', { initial: 0 }).on(StockReceived, (sum, e) => sum + e.quantity);

/** Asks the provider under another key each time. */
function withoutKeys(provider: PaymentProvider): PaymentProvider {
  let calls = 0;
  return {
    charge: (request, options) => provider.charge(request, { ...options, idempotencyKey: `call-${++calls}` }),
    refund: (request, options) => provider.refund(request, options),
  };
}

const bugs: Record<string, Bug & { readonly finding: RegExp }> = {
  'stock that is set aside counts as free': {
    finding: /oversold by \d/,
    commands: [
      command('ReserveStock', {
        data: ReserveStock.schema as z.ZodType<{ orderId: string; lines: { productId: string; quantity: number }[] }>,
        reads: (c) => ({ reservation: reservation(c.orderId) }),
        thenReads: ({ data }) =>
          Object.fromEntries(data.lines.map(({ productId }) => [`stock of ${productId}`, everReceived(productId)])),
        decide: ({ data: { orderId, lines }, reservation, ...stocks }) => {
          if (reservation.status !== 'none') return;
          return lines.every(({ productId, quantity }) => stocks[`stock of ${productId}`]! >= quantity)
            ? StockReserved({ orderId, lines })
            : StockRefused({ orderId, missing: [] });
        },
      }),
    ],
  },
  'the provider is asked without the idempotency key': {
    finding: /charged twice/,
    reactions: (provider) => [chargeOrders(withoutKeys(provider), { timeoutMs: 20_000, retry: { maxAttempts: 30 } })],
  },
  'a charge that is under way is forgotten when the order is cancelled': {
    finding: /OrderCancelled and PaymentReceived, and no PaymentRefunded/,
    commands: [
      command('CallOffPayment', {
        data: z.object({ orderId: z.string() }),
        reads: (c) => ({ payment: payment(c.orderId) }),
        decide: ({ data: { orderId }, payment: { status, amount, chargeId } }) =>
          status === 'received' && amount !== undefined ? RefundDue({ orderId, amount, chargeId }) : undefined,
      }),
    ],
  },
  'a paid order is cancelled without asking shipping': {
    finding: /ParcelShipped after RefundDue|both ParcelShipped and OrderCancelled/,
    commands: [
      command('CancelOrder', {
        data: z.object({ orderId: z.string() }),
        reads: (c) => ({ order: order(c.orderId) }),
        rejections: CancelOrder.rejections,
        decide: ({ data: { orderId }, order: { status, placed }, reject }) => {
          if (placed === undefined) return reject('UnknownOrder');
          if (!['placed', 'reserved', 'paid'].includes(status)) return reject('AlreadyShipped');
          return OrderCancelled({ orderId, customerId: placed.customerId, cause: 'customer', reason: 'too slow' });
        },
      }),
    ],
  },
  'a payment counts although the order was cancelled': {
    finding: /OrderPaid|both ParcelShipped and OrderCancelled|ParcelShipped after RefundDue/,
    commands: [
      command('ConfirmPayment', {
        data: z.object({ orderId: z.string() }),
        reads: (c) => ({ order: order(c.orderId) }),
        decide: ({ data: { orderId }, order: { placed } }) => placed && OrderPaid({ ...placed, orderId }),
      }),
    ],
  },
  'what is cancelled is released without waiting for what is being set aside': {
    finding: /OrderCancelled and StockReserved, and no StockReleased/,
    reactions: () => [
      reaction('follow-orders', {
        on: [OrderPlaced, ParcelShipped],
        inOrderBy: (e) => e.orderId,
        startsAt: 'beginning',
        run: ({ orderId, lines }, { event, issue }) =>
          event.type === 'OrderPlaced' ? issue(ReserveStock({ orderId, lines })) : issue(TakeOutStock({ orderId })),
      }),
      reaction('release-stock', {
        on: OrderCancelled,
        inOrderBy: (e) => e.orderId,
        startsAt: 'beginning',
        run: ({ orderId }, { issue }) => issue(ReleaseStock({ orderId })),
      }),
    ],
  },
};

describe.each(Object.entries(bugs))('a copy in which %s', (_, { finding, ...bug }) => {
  it('is found out, and the seed shows the same again', async () => {
    const failed = simulate({ ...siege(bug), runs: 200, faults });
    const error = (await failed.catch((thrown: unknown) => thrown)) as SimulationError;
    expect(error).toBeInstanceOf(SimulationError);
    expect(error.message).toMatch(finding);
    await expect(simulate({ ...siege(bug), seed: error.seed, runs: 1, faults })).rejects.toThrow(error.message);
  });
});
