import { module } from 'carillon';
import { OrderCancelled, OrderReserved, RefundRequested } from '../ordering/events.js';
import { CallOffPayment, RecordCharge, RecordDecline, RecordRefund, RequestPayment } from './commands.js';
import { PaymentDeclined, PaymentReceived, PaymentRefunded } from './events.js';
import type { PaymentProvider } from './payment-provider.js';
import { PaymentCalledOff, PaymentRequested, RefundDue } from './private-events.js';
import { type CallPolicy, callOffPayments, chargeOrders, refundCharges } from './reactions.js';

/** What payment needs from outside. */
export interface PaymentParts {
  readonly provider: PaymentProvider;
  /** How calls to the provider are made. */
  readonly calls: CallPolicy;
}

/** The cash desk: asks the provider for the money of what is reserved, once, and gives back what is not wanted any more, once. */
export function payment({ provider, calls }: PaymentParts) {
  return module('payment', {
    publishes: [PaymentReceived, PaymentDeclined, PaymentRefunded],
    events: [PaymentRequested, PaymentCalledOff, RefundDue],
    consumes: [OrderReserved, OrderCancelled, RefundRequested],
    commands: [RequestPayment, RecordCharge, RecordDecline, CallOffPayment, RecordRefund],
    reactions: [chargeOrders(provider, calls), callOffPayments, refundCharges(provider, calls)],
  });
}
