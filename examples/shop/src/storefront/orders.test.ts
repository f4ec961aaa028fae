import type { QueryRequest, QueryResult } from 'carillon';
import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import {
  CancellationFailed,
  CancellationRequested,
  CustomerNotified,
  OrderCancelled,
  OrderPaid,
  OrderPlaced,
  OrderRefunded,
  OrderReserved,
  OrderShipped,
  RefundRequested,
} from '../ordering/events.js';
import { shop } from '../shop.js';
import { CustomerOrders, OrderStatus, RecentOrders } from './order-queries.js';

const total = { amount: 1_900, currency: 'EUR' };
const lines = [{ productId: 'mug', name: 'Mug', quantity: 2, price: { amount: 950, currency: 'EUR' } }];
const placedAt = '2025-12-31T08:00:00.000Z';
const at = '2026-01-01T12:00:00.000Z';
const order = { orderId: 'o1', customerId: 'ada' };

const placed = (orderId = 'o1', customerId = 'ada') => OrderPlaced({ orderId, customerId, lines, total, placedAt });
const reserved = OrderReserved({ ...order, total });
const paid = OrderPaid({ ...order, lines, total });
const shipped = OrderShipped(order);
const cancelled = OrderCancelled({ ...order, cause: 'out-of-stock', reason: 'Out of stock: Mug' });
const refunded = OrderRefunded({ ...order, amount: total });
const wish = CancellationRequested({ ...order, reason: 'too slow', refundAnyway: false });
const refundWish = RefundRequested({ ...order, reason: 'too small' });

type Tracked = NonNullable<QueryResult<typeof OrderStatus>>;
/** Of an order that is there. */
const status = OrderStatus({ orderId: 'o1' }) as QueryRequest<'OrderStatus', unknown, Tracked>;
const summary = { ...order, reason: null, pending: null, total, placedAt, lines };

describe('OrderStatus', () => {
  it('follows an order to the parcel', async () => {
    const happened = [placed(), reserved, paid, shipped];
    const statuses = ['placed', 'reserved', 'paid', 'shipped'] as const;
    for (const [index, status] of statuses.entries()) {
      await given(shop, ...happened.slice(0, index + 1)).thenAnswer(OrderStatus({ orderId: 'o1' }), {
        ...summary,
        status,
        history: statuses
          .slice(0, index + 1)
          .map((one, step) => ({ at, event: happened[step]!.type, status: one, note: null })),
      });
    }
  });

  it('says why an order is cancelled, also when the money is back', async () => {
    await given(shop, placed(), cancelled).thenAnswerMatching(status, {
      status: 'cancelled',
      reason: 'Out of stock: Mug',
      history: [{ status: 'placed' }, { status: 'cancelled', note: 'Out of stock: Mug' }],
    });
    await given(shop, placed(), cancelled, refunded).thenAnswerMatching(status, {
      status: 'refunded',
      reason: 'Out of stock: Mug',
    });
  });

  it('says what is asked for and not answered yet', async () => {
    const untilPaid = [placed(), reserved, paid];
    await given(shop, ...untilPaid, wish).thenAnswerMatching(status, {
      status: 'paid',
      pending: 'cancellation',
      reason: 'too slow',
    });
    await given(shop, ...untilPaid, wish, shipped, CancellationFailed(order)).thenAnswerMatching(status, {
      status: 'shipped',
      pending: null,
      reason: null,
    });
    await given(shop, ...untilPaid, shipped, refundWish).thenAnswerMatching(status, {
      status: 'shipped',
      pending: 'refund',
      reason: 'too small',
    });
    await given(shop, ...untilPaid, shipped, refundWish, refunded).thenAnswerMatching(status, {
      status: 'refunded',
      pending: null,
      reason: 'too small',
    });
  });

  it('has what the customer was told in its history', async () => {
    const told = CustomerNotified({ ...order, message: 'Order o1 is on its way to you.' });
    await given(shop, placed(), reserved, paid, shipped, told).thenAnswerMatching(status, {
      status: 'shipped',
      history: [
        {},
        {},
        {},
        {},
        { event: 'CustomerNotified', status: 'shipped', note: 'Order o1 is on its way to you.' },
      ],
    });
  });

  it('is null for an order that is not there', async () => {
    await given(shop, placed('o2')).thenAnswer(OrderStatus({ orderId: 'o1' }), null);
  });
});

describe('CustomerOrders', () => {
  it('has the orders of one customer, the latest first', async () => {
    const history = [placed('o1'), placed('o2', 'bob'), placed('o3'), reserved];
    await given(shop, ...history).thenAnswer(CustomerOrders({ customerId: 'ada' }), [
      { ...summary, orderId: 'o3', status: 'placed' },
      { ...summary, orderId: 'o1', status: 'reserved' },
    ]);
    await given(shop, ...history).thenAnswerMatching(CustomerOrders({ customerId: 'ada', limit: 1 }), [
      { orderId: 'o3' },
    ]);
  });
});

describe('RecentOrders', () => {
  it('has the latest orders of everybody, and counts how far all have got', async () => {
    const { lines: _, ...withoutLines } = summary;
    await given(shop, placed('o1'), placed('o2', 'bob'), placed('o3'), reserved).thenAnswer(
      RecentOrders({ limit: 2 }),
      {
        counts: { placed: 2, reserved: 1, paid: 0, shipped: 0, cancelled: 0, refunded: 0 },
        latest: [
          { ...withoutLines, orderId: 'o3', status: 'placed' },
          { ...withoutLines, orderId: 'o2', customerId: 'bob', status: 'placed' },
        ],
      },
    );
  });
});
