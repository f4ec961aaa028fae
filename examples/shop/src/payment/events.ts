// What happens to money. Other modules know these events, and nothing else of payment.
import { event } from 'carillon';
import { z } from 'zod';
import { money } from '../money.js';

export const PaymentReceived = event('PaymentReceived', {
  description: 'The provider has charged the customer.',
  data: z.object({
    orderId: z.string(),
    amount: money,
    /** The provider's id of the charge. */
    chargeId: z.string(),
  }),
  tags: (e) => ({ order: e.orderId }),
});

export const PaymentDeclined = event('PaymentDeclined', {
  description: 'The provider has refused to charge the customer. No money has moved.',
  data: z.object({ orderId: z.string(), reason: z.string() }),
  tags: (e) => ({ order: e.orderId }),
});

export const PaymentRefunded = event('PaymentRefunded', {
  description: 'The provider has given the money back.',
  data: z.object({
    orderId: z.string(),
    amount: money,
    /** The provider's id of the refund. */
    refundId: z.string(),
  }),
  tags: (e) => ({ order: e.orderId }),
});
