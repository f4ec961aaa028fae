// What ordering tells itself when other modules have done their part. An order that has gone another way meanwhile stays on it:
// then nothing changes, and whoever did something in vain hears so from the events of that other way.
import { command } from 'carillon';
import { z } from 'zod';
import { insideOnly } from '../inside-only.js';
import { money } from '../money.js';
import { id } from '../typed.js';
import {
  CancellationFailed,
  OrderCancelled,
  OrderPaid,
  OrderRefunded,
  OrderReserved,
  OrderShipped,
  RefundRequested,
} from './events.js';
import { order } from './states.js';

const aboutOrder = z.object({ orderId: id });

export const ConfirmReservation = command('ConfirmReservation', {
  description: 'Everything that was ordered is set aside.',
  data: aboutOrder,
  reads: (c) => ({ order: order(c.orderId) }),
  authorize: insideOnly,
  decide: ({ data: { orderId }, order: { status, placed } }) => {
    if (placed === undefined || status !== 'placed') return;
    return OrderReserved({ orderId, customerId: placed.customerId, total: placed.total });
  },
});

export const ConfirmPayment = command('ConfirmPayment', {
  description: 'The money is there.',
  data: aboutOrder,
  reads: (c) => ({ order: order(c.orderId) }),
  authorize: insideOnly,
  decide: ({ data: { orderId }, order: { status, placed } }) => {
    if (placed === undefined || status !== 'reserved') return;
    const { customerId, lines, total } = placed;
    return OrderPaid({ orderId, customerId, lines, total });
  },
});

export const ConfirmShipment = command('ConfirmShipment', {
  description: 'The parcel has left: a cancellation came too late.',
  data: aboutOrder,
  reads: (c) => ({ order: order(c.orderId) }),
  authorize: insideOnly,
  decide: ({ data: { orderId }, order: { status, placed, cancellation } }) => {
    if (placed === undefined || status !== 'paid') return;
    const { customerId } = placed;
    const shipped = OrderShipped({ orderId, customerId });
    if (cancellation === undefined) return shipped;
    const { reason, refundAnyway } = cancellation;
    if (refundAnyway) return [shipped, RefundRequested({ orderId, customerId, reason })];
    return [shipped, CancellationFailed({ orderId, customerId })];
  },
});

export const ConfirmCancellation = command('ConfirmCancellation', {
  description: 'The parcel stays in the house.',
  data: aboutOrder,
  reads: (c) => ({ order: order(c.orderId) }),
  authorize: insideOnly,
  decide: ({ data: { orderId }, order: { status, placed, cancellation } }) => {
    if (placed === undefined || status !== 'paid') return;
    const { customerId } = placed;
    return cancellation === undefined
      ? OrderCancelled({ orderId, customerId, cause: 'shop', reason: 'The shop has stopped the parcel' })
      : OrderCancelled({ orderId, customerId, cause: 'customer', reason: cancellation.reason });
  },
});

export const ConfirmRefund = command('ConfirmRefund', {
  description: 'The customer has the money back.',
  data: aboutOrder.extend({ amount: money }),
  reads: (c) => ({ order: order(c.orderId) }),
  authorize: insideOnly,
  decide: ({ data: { orderId, amount }, order: { status, placed } }) => {
    if (placed === undefined || (status !== 'cancelled' && status !== 'shipped')) return;
    return OrderRefunded({ orderId, customerId: placed.customerId, amount });
  },
});

export const GiveUpOrder = command('GiveUpOrder', {
  description: 'Cancels an order that cannot be fulfilled.',
  data: aboutOrder.extend({
    cause: z.enum(['out-of-stock', 'payment-declined', 'stock-timeout', 'payment-timeout']),
    reason: z.string().min(1),
  }),
  reads: (c) => ({ order: order(c.orderId) }),
  authorize: insideOnly,
  decide: ({ data: { orderId, cause, reason }, order: { status, placed } }) => {
    if (placed === undefined || (status !== 'placed' && status !== 'reserved')) return;
    return OrderCancelled({ orderId, customerId: placed.customerId, cause, reason });
  },
});
