// What payment tells itself. Nobody outside may: customers pay by placing orders.
import { command } from 'carillon';
import { z } from 'zod';
import { insideOnly } from '../inside-only.js';
import { money } from '../money.js';
import { id } from '../typed.js';
import { PaymentDeclined, PaymentReceived, PaymentRefunded } from './events.js';
import { PaymentCalledOff, PaymentRequested, RefundDue } from './private-events.js';
import { payment } from './states.js';

export const RequestPayment = command('RequestPayment', {
  description: 'The provider is about to be asked for the money of an order.',
  data: z.object({ orderId: id, customerId: id, amount: money }),
  reads: (c) => ({ payment: payment(c.orderId) }),
  rejections: { CalledOff: 'The money is not wanted any more' },
  authorize: insideOnly,
  decide: ({ data, payment, reject }) => {
    if (payment.isCalledOff) return reject('CalledOff');
    return payment.status === 'none' ? PaymentRequested(data) : undefined;
  },
});

export const RecordCharge = command('RecordCharge', {
  description: 'The provider has charged the customer. Money that is not wanted any more is to be given back.',
  data: z.object({ orderId: id, chargeId: id }),
  reads: (c) => ({ payment: payment(c.orderId) }),
  rejections: { NotRequested: 'No payment was requested for this order' },
  authorize: insideOnly,
  decide: ({ data: { orderId, chargeId }, payment: { status, amount, isCalledOff }, reject }) => {
    if (amount === undefined) return reject('NotRequested');
    if (status !== 'requested') return;
    const received = PaymentReceived({ orderId, amount, chargeId });
    return isCalledOff ? [received, RefundDue({ orderId, amount, chargeId })] : received;
  },
});

export const RecordDecline = command('RecordDecline', {
  description: 'The provider has refused to charge the customer.',
  data: z.object({ orderId: id, reason: z.string().min(1) }),
  reads: (c) => ({ payment: payment(c.orderId) }),
  rejections: { NotRequested: 'No payment was requested for this order' },
  authorize: insideOnly,
  decide: ({ data, payment: { status, amount }, reject }) => {
    if (amount === undefined) return reject('NotRequested');
    return status === 'requested' ? PaymentDeclined(data) : undefined;
  },
});

export const CallOffPayment = command('CallOffPayment', {
  description: 'The money of an order is not wanted any more: what has come, or still comes, is given back.',
  data: z.object({ orderId: id }),
  reads: (c) => ({ payment: payment(c.orderId) }),
  authorize: insideOnly,
  decide: ({ data: { orderId }, payment: { status, amount, chargeId, isCalledOff } }) => {
    if (isCalledOff || status === 'declined') return;
    if (status === 'received' && amount !== undefined) return RefundDue({ orderId, amount, chargeId });
    return PaymentCalledOff({ orderId });
  },
});

export const RecordRefund = command('RecordRefund', {
  description: 'The provider has given the money back.',
  data: z.object({ orderId: id, refundId: id }),
  reads: (c) => ({ payment: payment(c.orderId) }),
  rejections: { NoRefundDue: 'No refund is due for this order' },
  authorize: insideOnly,
  decide: ({ data: { orderId, refundId }, payment: { status, amount }, reject }) => {
    if (status === 'refunded') return;
    if (status !== 'refund-due' || amount === undefined) return reject('NoRefundDue');
    return PaymentRefunded({ orderId, amount, refundId });
  },
});
