// What payment notes for itself. No other module knows these events.
import { event } from 'carillon';
import { z } from 'zod';
import { money } from '../money.js';

export const PaymentRequested = event('PaymentRequested', {
  description: 'The provider is about to be asked to charge the customer.',
  data: z.object({ orderId: z.string(), customerId: z.string(), amount: money }),
  tags: (e) => ({ order: e.orderId }),
});

export const PaymentCalledOff = event('PaymentCalledOff', {
  description: 'No money is wanted any more: what is not asked for yet never is, and what still comes is given back.',
  data: z.object({ orderId: z.string() }),
  tags: (e) => ({ order: e.orderId }),
});

export const RefundDue = event('RefundDue', {
  description: 'The provider is to give the money back.',
  data: z.object({ orderId: z.string(), amount: money, chargeId: z.string() }),
  tags: (e) => ({ order: e.orderId }),
});
