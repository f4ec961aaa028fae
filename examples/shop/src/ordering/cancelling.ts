// What customers may want once they have ordered. At every stage there is a way out: until the parcel has left the order can be
// cancelled, and what was paid comes back by itself; afterwards only the money can.
import { command } from 'carillon';
import { z } from 'zod';
import { id, text } from '../typed.js';
import { CancellationRequested, OrderCancelled, RefundRequested } from './events.js';
import { order } from './states.js';

const wish = z.object({
  orderId: id,
  reason: text('Say why, or leave it out', 1_000).default('Cancelled by the customer'),
});

export const CancelOrder = command('CancelOrder', {
  description: 'Cancels an order that has not been shipped. What was paid is given back.',
  data: wish,
  reads: (c) => ({ order: order(c.orderId) }),
  rejections: {
    UnknownOrder: 'There is no such order',
    AlreadyShipped: 'The parcel has left: request a refund',
    CancellationUnderWay: 'The order is being cancelled already',
    AlreadyCancelled: 'The order is cancelled already',
    AlreadyRefunded: 'The money has been given back already',
  },
  decide: ({ data: { orderId, reason }, order: { status, placed, cancellation }, reject }) => {
    if (placed === undefined) return reject('UnknownOrder');
    if (status === 'shipped') return reject('AlreadyShipped');
    if (status === 'cancelled') return reject('AlreadyCancelled');
    if (status === 'refunded') return reject('AlreadyRefunded');
    const { customerId } = placed;
    if (status !== 'paid') return OrderCancelled({ orderId, customerId, cause: 'customer', reason });
    // The parcel may be leaving at this moment: shipping is asked.
    if (cancellation !== undefined) return reject('CancellationUnderWay');
    return CancellationRequested({ orderId, customerId, reason, refundAnyway: false });
  },
});

export const RequestRefund = command('RequestRefund', {
  description:
    'Asks for the money back. An order that has not been shipped is cancelled; of one that has, the customer keeps what has come.',
  data: wish.extend({ reason: wish.shape.reason.unwrap().default('The customer wants the money back') }),
  reads: (c) => ({ order: order(c.orderId) }),
  rejections: {
    UnknownOrder: 'There is no such order',
    RefundUnderWay: 'A refund is under way already',
    AlreadyCancelled: 'The order is cancelled: what was paid is given back by itself',
    AlreadyRefunded: 'The money has been given back already',
  },
  decide: ({ data: { orderId, reason }, order: { status, placed, cancellation, isRefundRequested }, reject }) => {
    if (placed === undefined) return reject('UnknownOrder');
    if (status === 'cancelled') return reject('AlreadyCancelled');
    if (status === 'refunded') return reject('AlreadyRefunded');
    if (isRefundRequested || cancellation?.refundAnyway === true) return reject('RefundUnderWay');
    const { customerId } = placed;
    if (status === 'shipped') return RefundRequested({ orderId, customerId, reason });
    if (status !== 'paid') return OrderCancelled({ orderId, customerId, cause: 'customer', reason });
    return CancellationRequested({ orderId, customerId, reason, refundAnyway: true });
  },
});
