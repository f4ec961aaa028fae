import { query } from 'carillon';
import { z } from 'zod';
import { money } from '../money.js';
import { orderStatuses, orderTracking, wishes } from './orders.js';

const status = z.enum(orderStatuses);

const summary = z.object({
  orderId: z.string(),
  customerId: z.string(),
  status,
  /** Why it is cancelled or refunded, in words for the customer. */
  reason: z.string().nullable(),
  /** What the customer has asked for and nobody has answered yet. */
  pending: z.enum(wishes).nullable(),
  total: money,
  placedAt: z.iso.datetime(),
  lines: z.array(
    z.object({
      productId: z.string(),
      name: z.string(),
      quantity: z.int(),
      /** Of one piece, when it was ordered. */
      price: money,
    }),
  ),
});

/** An order as its row has it, as queries answer it. */
function summaryOf<Row extends { readonly amount: number; readonly currency: string; readonly position: number }>(
  row: Row,
) {
  const { amount, currency, position: _, ...order } = row;
  return { ...order, total: { amount, currency } };
}

export const OrderStatus = query('OrderStatus', {
  description: 'How far an order has got, why, and what led there, the latest last; null when there is no such order.',
  params: z.object({ orderId: z.string() }),
  from: orderTracking,
  result: summary
    .extend({
      history: z.array(
        z.object({
          at: z.iso.datetime(),
          event: z.string(),
          status,
          /** Why, or what the customer was told. */
          note: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  run: async (db, { orderId }) => {
    const order = await db.selectFrom('orders').selectAll().where('orderId', '=', orderId).executeTakeFirst();
    if (order === undefined) return null;
    const history = await db
      .selectFrom('history')
      .select(['at', 'event', 'status', 'note'])
      .where('orderId', '=', orderId)
      .orderBy('position')
      .execute();
    return { ...summaryOf(order), history };
  },
});

export const CustomerOrders = query('CustomerOrders', {
  description: 'The orders of a customer, the latest first.',
  params: z.object({ customerId: z.string(), limit: z.int().min(1).max(1_000).default(100) }),
  from: orderTracking,
  result: z.array(summary),
  run: async (db, { customerId, limit }) => {
    const orders = await db
      .selectFrom('orders')
      .selectAll()
      .where('customerId', '=', customerId)
      .orderBy('position', 'desc')
      .limit(limit)
      .execute();
    return orders.map(summaryOf);
  },
});

export const RecentOrders = query('RecentOrders', {
  description: 'The latest orders of all customers, and how many orders have got how far.',
  params: z.object({ limit: z.int().min(1).max(200).default(20) }),
  from: orderTracking,
  result: z.object({ counts: z.record(status, z.int()), latest: z.array(summary.omit({ lines: true })) }),
  run: async (db, { limit }) => {
    const counted = await db
      .selectFrom('orders')
      .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
      .groupBy('status')
      .execute();
    const latest = await db
      .selectFrom('orders')
      .select(['orderId', 'customerId', 'status', 'reason', 'pending', 'amount', 'currency', 'placedAt', 'position'])
      .orderBy('position', 'desc')
      .limit(limit)
      .execute();
    const counts = { placed: 0, reserved: 0, paid: 0, shipped: 0, cancelled: 0, refunded: 0 };
    for (const { status, count } of counted) counts[status] = count;
    return { counts, latest: latest.map(summaryOf) };
  },
});
