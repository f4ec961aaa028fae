// What the chef at the pass calls out.
import { event } from 'carillon';
import { z } from 'zod';

export const OrderReady = event('OrderReady', {
  description: 'Order ready! Everything of a course stands at the pass.',
  data: z.object({ ticketId: z.string(), table: z.string(), course: z.int(), plates: z.int() }),
  tags: (e) => ({ ticket: e.ticketId, table: e.table }),
});

export const ItemEightySixed = event('ItemEightySixed', {
  description: 'There is no more of a dish.',
  data: z.object({ dish: z.string() }),
  tags: (e) => ({ dish: e.dish }),
});

export const ItemBackOn = event('ItemBackOn', {
  description: 'A dish can be had again.',
  data: z.object({ dish: z.string() }),
  tags: (e) => ({ dish: e.dish }),
});

/** What other modules may know: all of them. */
export const published = [OrderReady, ItemEightySixed, ItemBackOn] as const;
