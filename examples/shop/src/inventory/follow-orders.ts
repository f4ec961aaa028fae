import { reaction } from 'carillon';
import { OrderCancelled, OrderPlaced } from '../ordering/events.js';
import { ParcelShipped } from '../shipping/events.js';
import { ReleaseStock, ReserveStock, TakeOutStock } from './commands.js';

/** Sets aside what is ordered, frees what is cancelled, takes out what is shipped: for each order in that order. */
export const followOrders = reaction('follow-orders', {
  on: [OrderPlaced, OrderCancelled, ParcelShipped],
  inOrderBy: (e) => e.orderId,
  startsAt: 'beginning',
  maxConcurrency: 64,
  run: async ({ orderId }, { event, issue }) => {
    if (event.type === 'OrderCancelled') return issue(ReleaseStock({ orderId }));
    if (event.type === 'OrderPlaced') {
      const lines = event.data.lines.map(({ productId, quantity }) => ({ productId, quantity }));
      return issue(ReserveStock({ orderId, lines }));
    }
    const result = await issue(TakeOutStock({ orderId }));
    // Something has left that was nobody's: an operator is to look at it.
    if (result.rejected) throw new Error(result.message);
  },
});
