import { type RetryPolicy, reaction } from 'carillon';
import { OrderCancelled, OrderReserved, RefundRequested } from '../ordering/events.js';
import { CallOffPayment, RecordCharge, RecordDecline, RecordRefund, RequestPayment } from './commands.js';
import type { PaymentProvider } from './payment-provider.js';
import { RefundDue } from './private-events.js';

/** How calls to the provider are made. */
export interface CallPolicy {
  /** How long one call may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How often a call without an answer is made again, before an operator is to look at it. */
  readonly retry: RetryPolicy;
}

/** How many calls to the provider are under way at a time, at most. */
const maxCalls = 256;

/** When everything of an order is set aside, its money is asked for. */
export function chargeOrders(provider: PaymentProvider, calls: CallPolicy) {
  return reaction('charge-orders', {
    on: OrderReserved,
    inOrderBy: (e) => e.orderId,
    startsAt: 'beginning',
    maxConcurrency: maxCalls,
    ...calls,
    run: async ({ orderId, customerId, total }, { issue, idempotencyKey, signal }) => {
      const requested = await issue(RequestPayment({ orderId, customerId, amount: total }), { name: 'request' });
      // Cancelled in the meantime: the provider never hears of it.
      if (requested.rejected) return;
      const request = { orderId, customerId, amount: total };
      const answer = await provider.charge(request, { idempotencyKey, signal });
      const recorded =
        answer.status === 'charged'
          ? await issue(RecordCharge({ orderId, chargeId: answer.chargeId }), { name: 'answer' })
          : await issue(RecordDecline({ orderId, reason: answer.reason }), { name: 'answer' });
      if (recorded.rejected) throw new Error(recorded.message);
    },
  });
}

/**
 * When an order is cancelled, or the customer wants the money back, none is wanted. A charge may be under way meanwhile: this does
 * not wait for it.
 */
export const callOffPayments = reaction('call-off-payments', {
  on: [OrderCancelled, RefundRequested],
  inOrderBy: (e) => e.orderId,
  startsAt: 'beginning',
  maxConcurrency: 64,
  run: ({ orderId }, { issue }) => issue(CallOffPayment({ orderId })),
});

/** When a refund is due, the provider gives the money back. */
export function refundCharges(provider: PaymentProvider, calls: CallPolicy) {
  return reaction('refund-charges', {
    on: RefundDue,
    inOrderBy: (e) => e.orderId,
    startsAt: 'beginning',
    maxConcurrency: maxCalls,
    ...calls,
    run: async ({ orderId, chargeId, amount }, { issue, idempotencyKey, signal }) => {
      const { refundId } = await provider.refund({ chargeId, amount }, { idempotencyKey, signal });
      const recorded = await issue(RecordRefund({ orderId, refundId }));
      if (recorded.rejected) throw new Error(recorded.message);
    },
  });
}
