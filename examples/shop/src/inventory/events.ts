// What happens to the stock. Other modules know these events, and nothing else of inventory.
import { event } from 'carillon';
import { z } from 'zod';

/** How many pieces of a product. */
const stockLine = z.object({ productId: z.string(), quantity: z.int() });

const reserved = z.object({ orderId: z.string(), lines: z.array(stockLine) });

/** About the order, and about every product in it: so that a decision about a product sees all that happened to it. */
const ofOrderAndProducts = (e: z.infer<typeof reserved>) => ({
  order: e.orderId,
  product: e.lines.map((line) => line.productId),
});

export const StockReceived = event('StockReceived', {
  data: stockLine,
  tags: (e) => ({ product: e.productId }),
});

export const StockReserved = event('StockReserved', {
  description: 'Every line of an order is set aside.',
  data: reserved,
  tags: ofOrderAndProducts,
});

export const StockRefused = event('StockRefused', {
  description: 'Something of an order is not there: nothing is set aside.',
  data: z.object({
    orderId: z.string(),
    /** The lines for which there is too little. */
    missing: z.array(z.object({ productId: z.string(), wanted: z.int(), onHand: z.int() })),
  }),
  tags: (e) => ({ order: e.orderId }),
});

export const StockReleased = event('StockReleased', {
  description: 'What was set aside for an order is free again.',
  data: reserved,
  tags: ofOrderAndProducts,
});

export const StockShipped = event('StockShipped', {
  description: 'What was set aside for an order has left the house.',
  data: reserved,
  tags: ofOrderAndProducts,
});
