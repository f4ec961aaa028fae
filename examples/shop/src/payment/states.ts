// What the decisions about money depend on.
import { state } from 'carillon';
import type { Money } from '../money.js';
import { PaymentDeclined, PaymentReceived, PaymentRefunded } from './events.js';
import { PaymentCalledOff, PaymentRequested, RefundDue } from './private-events.js';

interface Payment {
  readonly status: 'none' | 'requested' | 'received' | 'declined' | 'refund-due' | 'refunded';
  /** The money is not wanted any more. */
  readonly isCalledOff: boolean;
  readonly amount: Money | undefined;
  readonly chargeId: string;
}

const unknown: Payment = { status: 'none', isCalledOff: false, amount: undefined, chargeId: '' };

/** The payment of one order. */
export const payment = state('order', { initial: unknown })
  .on(PaymentRequested, (payment, e) => ({ ...payment, status: 'requested', amount: e.amount }))
  .on(PaymentReceived, (payment, e) => ({ ...payment, status: 'received', amount: e.amount, chargeId: e.chargeId }))
  .on(PaymentDeclined, (payment) => ({ ...payment, status: 'declined' }))
  .on(PaymentCalledOff, (payment) => ({ ...payment, isCalledOff: true }))
  .on(RefundDue, (payment) => ({ ...payment, status: 'refund-due', isCalledOff: true }))
  .on(PaymentRefunded, (payment) => ({ ...payment, status: 'refunded' }));
