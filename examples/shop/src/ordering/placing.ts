import { command, type DataOf } from 'carillon';
import { z } from 'zod';
import { id, pieces, text } from '../typed.js';
import { OrderPlaced } from './events.js';
import { order, product } from './states.js';

/** The most lines of one order. */
const maxLines = 50;

const wantedLine = z.object({ productId: id, quantity: pieces(100_000) });

export const PlaceOrder = command('PlaceOrder', {
  description:
    'Orders products at the prices that they have now. The same order, sent twice, is one order. Read what becomes of it with OrderStatus.',
  data: z.object({
    orderId: id,
    customerId: text('Say who orders', 100),
    lines: z.array(wantedLine).min(1, 'Order something').max(maxLines, `An order has at most ${maxLines} products`),
    /** When the customer ordered, if not now. Without an offset it is meant in UTC. */
    placedAt: z.union([z.iso.datetime({ offset: true, local: true }), z.iso.date()]).optional(),
  }),
  reads: (c) => ({ order: order(c.orderId) }),
  // Prices are in the boundary, too: one that changes meanwhile is looked up again.
  thenReads: ({ data }) =>
    Object.fromEntries(data.lines.map(({ productId }) => [`product ${productId}`, product(productId)])),
  rejections: {
    OrderExists: 'There is another order with that id',
    UnknownProduct: 'There is no such product',
    DuplicateProduct: 'A product is in two lines: order it in one',
    MixedCurrencies: 'An order is in one currency: order what costs another one separately',
  },
  decide: ({ data, order, now, reject, ...products }) => {
    const { orderId, customerId } = data;
    const placedAt = (data.placedAt === undefined ? now : instant(data.placedAt)).toISOString();
    if (order.placed !== undefined) {
      const isSame = isSameOrder(order.placed, data.placedAt === undefined ? data : { ...data, placedAt });
      return isSame ? undefined : reject('OrderExists');
    }
    const seen = new Set<string>();
    const lines: DataOf<typeof OrderPlaced>['lines'] = [];
    for (const { productId, quantity } of data.lines) {
      if (seen.has(productId)) return reject('DuplicateProduct', { productId });
      seen.add(productId);
      const known = products[`product ${productId}`];
      if (known === undefined) return reject('UnknownProduct', { productId });
      lines.push({ productId, name: known.name, quantity, price: known.price });
    }
    const currency = lines[0]!.price.currency;
    if (lines.some((line) => line.price.currency !== currency)) return reject('MixedCurrencies');
    const amount = lines.reduce((sum, { quantity, price }) => sum + quantity * price.amount, 0);
    return OrderPlaced({ orderId, customerId, lines, total: { amount, currency }, placedAt });
  },
});

interface Wanted {
  readonly customerId: string;
  readonly lines: readonly z.infer<typeof wantedLine>[];
  readonly placedAt?: string | undefined;
}

/** Whether an order that is there is what is wanted now. Prices do not count: they are looked up, not asked for. */
function isSameOrder(placed: DataOf<typeof OrderPlaced>, wanted: Wanted): boolean {
  const quantities = new Map(placed.lines.map((line) => [line.productId, line.quantity]));
  return (
    placed.customerId === wanted.customerId &&
    placed.lines.length === wanted.lines.length &&
    wanted.lines.every(({ productId, quantity }) => quantities.get(productId) === quantity) &&
    (wanted.placedAt === undefined || placed.placedAt === wanted.placedAt)
  );
}

/** A date is its midnight; a time without an offset is in UTC, whatever the time zone of this machine. */
function instant(text: string): Date {
  const hasOffset = /(Z|[+-]\d\d:?\d\d)$/i.test(text.slice(10));
  return new Date(text.includes('T') && !hasOffset ? `${text}Z` : text);
}
