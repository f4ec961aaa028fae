// What happens to orders. Other modules know these events, and nothing else of ordering.
import { event } from 'carillon';
import { z } from 'zod';
import { money } from '../money.js';

/** A product and how many of it, at the price that it had when it was ordered. No product is in two lines of one order. */
const orderLine = z.object({
  productId: z.string(),
  name: z.string(),
  quantity: z.int(),
  /** Of one piece. */
  price: money,
});

/** Why an order was cancelled. */
const cancellationCause = z.enum([
  'customer',
  'out-of-stock',
  'payment-declined',
  /** Inventory did not answer in time. */
  'stock-timeout',
  /** Payment did not answer in time. */
  'payment-timeout',
  /** Somebody in the shop has stopped the parcel. */
  'shop',
]);

const ofOrder = (e: { readonly orderId: string; readonly customerId: string }) => ({
  order: e.orderId,
  customer: e.customerId,
});

export const OrderPlaced = event('OrderPlaced', {
  data: z.object({
    orderId: z.string(),
    customerId: z.string(),
    lines: z.array(orderLine),
    total: money,
    /** When the customer ordered: an instant, in UTC. */
    placedAt: z.iso.datetime(),
  }),
  tags: ofOrder,
});

export const OrderReserved = event('OrderReserved', {
  description: 'Everything that was ordered is set aside: it can be paid.',
  data: z.object({ orderId: z.string(), customerId: z.string(), total: money }),
  tags: ofOrder,
});

export const OrderPaid = event('OrderPaid', {
  description: 'The money is there: it can be shipped.',
  data: z.object({ orderId: z.string(), customerId: z.string(), lines: z.array(orderLine), total: money }),
  tags: ofOrder,
});

export const OrderShipped = event('OrderShipped', {
  description: 'The parcel is on its way: from here on the order cannot be cancelled, only refunded.',
  data: z.object({ orderId: z.string(), customerId: z.string() }),
  tags: ofOrder,
});

export const CancellationRequested = event('CancellationRequested', {
  description:
    'A paid order is to be cancelled: shipping says whether it still can be. OrderCancelled or OrderShipped follows.',
  data: z.object({
    orderId: z.string(),
    customerId: z.string(),
    reason: z.string(),
    /** Whether the money is wanted back even when the parcel has left. */
    refundAnyway: z.boolean(),
  }),
  tags: ofOrder,
});

export const CancellationFailed = event('CancellationFailed', {
  description: 'The cancellation came too late: the parcel had left.',
  data: z.object({ orderId: z.string(), customerId: z.string() }),
  tags: ofOrder,
});

export const OrderCancelled = event('OrderCancelled', {
  description:
    'Nothing will be shipped: what was set aside is free again, and money that came or still comes is given back.',
  data: z.object({
    orderId: z.string(),
    customerId: z.string(),
    cause: cancellationCause,
    /** In words that the customer can be shown. */
    reason: z.string(),
  }),
  tags: ofOrder,
});

export const RefundRequested = event('RefundRequested', {
  description: 'The money of an order that was shipped is to be given back. OrderRefunded follows.',
  data: z.object({ orderId: z.string(), customerId: z.string(), reason: z.string() }),
  tags: ofOrder,
});

export const OrderRefunded = event('OrderRefunded', {
  description: 'The customer has the money back.',
  data: z.object({ orderId: z.string(), customerId: z.string(), amount: money }),
  tags: ofOrder,
});

export const CustomerNotified = event('CustomerNotified', {
  description: 'The customer was told what became of an order. A mail gateway would react to it.',
  data: z.object({ orderId: z.string(), customerId: z.string(), message: z.string() }),
  tags: ofOrder,
});
