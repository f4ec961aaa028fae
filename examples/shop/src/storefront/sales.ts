import { boolean, integer, query, readModel, table, text } from 'carillon';
import { z } from 'zod';
import { OrderPaid, OrderPlaced, OrderRefunded } from '../ordering/events.js';

const orders = table({
  columns: { orderId: text(), day: text(), isPaid: boolean().default(false) },
  key: 'orderId',
});

const days = table({
  columns: {
    day: text(),
    currency: text(),
    /** The orders of the day that were paid. */
    orders: integer(),
    /** What was paid for them, in the currency's minor unit. */
    amount: integer(),
    /** What of that was given back, then or later. */
    refunded: integer().default(0),
  },
  key: ['day', 'currency'],
});

/** What was sold on each day. An order belongs to the day, in UTC, on which it was placed, and counts when it is paid. */
export const sales = readModel('sales', { tables: { orders, days } })
  .on(OrderPlaced, ({ orderId, placedAt }, db) => db.orders.insert({ orderId, day: placedAt.slice(0, 10) }))
  .on(OrderPaid, async ({ orderId, total: { amount, currency } }, db) => {
    const order = await db.orders.get(orderId);
    if (order === undefined) return;
    const { day } = order;
    db.orders.update(orderId, { isPaid: true });
    db.days.update({ day, currency }, (sold) => ({ orders: sold.orders + 1, amount: sold.amount + amount }), {
      day,
      currency,
      orders: 1,
      amount,
    });
  })
  .on(OrderRefunded, async ({ orderId, amount: { amount, currency } }, db) => {
    const order = await db.orders.get(orderId);
    // Money that came too late for an order to be paid was never counted.
    if (order?.isPaid !== true) return;
    db.days.update({ day: order.day, currency }, (sold) => ({ refunded: sold.refunded + amount }));
  });

export const SalesByDay = query('SalesByDay', {
  description:
    'What was sold on each day from one date to another, both included: one row for each day and currency in which something was.',
  params: z.object({ from: z.iso.date(), to: z.iso.date() }),
  from: sales,
  result: z.array(
    z.object({
      day: z.iso.date(),
      currency: z.string(),
      orders: z.int(),
      /** What was paid, in the currency's minor unit. */
      amount: z.int(),
      /** What of that was given back, then or later. */
      refunded: z.int(),
    }),
  ),
  run: (db, { from, to }) =>
    db
      .selectFrom('days')
      .selectAll()
      .where('day', '>=', from)
      .where('day', '<=', to)
      .orderBy('day')
      .orderBy('currency')
      .limit(100_000),
});
