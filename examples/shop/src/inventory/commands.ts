import { command } from 'carillon';
import { z } from 'zod';
import { insideOnly } from '../inside-only.js';
import { id, pieces } from '../typed.js';
import { StockReceived, StockRefused, StockReleased, StockReserved, StockShipped } from './events.js';
import { productExists, reservation, stock } from './states.js';

const order = z.object({ orderId: id });

export const ReceiveStock = command('ReceiveStock', {
  description: 'Puts pieces of a product on the shelf.',
  data: z.object({ productId: id, quantity: pieces(1_000_000) }),
  reads: (c) => ({ exists: productExists(c.productId) }),
  rejections: { UnknownProduct: 'There is no such product' },
  decide: ({ data, exists, reject }) => (exists ? StockReceived(data) : reject('UnknownProduct')),
});

export const ReserveStock = command('ReserveStock', {
  description: 'Sets every line of an order aside, or none of them.',
  data: order.extend({ lines: z.array(z.object({ productId: id, quantity: z.int().min(1) })).min(1) }),
  // The boundary is the order and all its products: whoever takes the last piece of one of them was first.
  reads: (c) => ({ reservation: reservation(c.orderId) }),
  thenReads: ({ data }) =>
    Object.fromEntries(data.lines.map(({ productId }) => [`stock of ${productId}`, stock(productId)])),
  authorize: insideOnly,
  decide: ({ data: { orderId, lines }, reservation, ...stocks }) => {
    if (reservation.status !== 'none') return;
    const missing = lines.flatMap(({ productId, quantity: wanted }) => {
      const { onHand } = stocks[`stock of ${productId}`]!;
      return onHand < wanted ? [{ productId, wanted, onHand }] : [];
    });
    return missing.length > 0 ? StockRefused({ orderId, missing }) : StockReserved({ orderId, lines });
  },
});

export const ReleaseStock = command('ReleaseStock', {
  description: 'Puts what was set aside for an order back on the shelf.',
  data: order,
  reads: (c) => ({ reservation: reservation(c.orderId) }),
  authorize: insideOnly,
  decide: ({ data: { orderId }, reservation: { status, lines } }) =>
    status === 'reserved' ? StockReleased({ orderId, lines }) : undefined,
});

export const TakeOutStock = command('TakeOutStock', {
  description: 'Notes that what was set aside for an order has left the house.',
  data: order,
  reads: (c) => ({ reservation: reservation(c.orderId) }),
  rejections: { NotReserved: 'Nothing is set aside for this order' },
  authorize: insideOnly,
  decide: ({ data: { orderId }, reservation: { status, lines }, reject }) => {
    if (status === 'shipped') return;
    return status === 'reserved' ? StockShipped({ orderId, lines }) : reject('NotReserved');
  },
});
