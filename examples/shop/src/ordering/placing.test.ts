import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { shop } from '../shop.js';
import { ChangePrice } from '../storefront/commands.js';
import { PriceChanged, ProductAdded } from '../storefront/events.js';
import { OrderCancelled, OrderPlaced } from './events.js';
import { PlaceOrder } from './placing.js';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const product = (productId: string, price = euros(950)) =>
  ProductAdded({ productId, name: `The ${productId}`, category: 'Kitchen', price });
const line = (productId: string, quantity: number, price = euros(950)) => ({
  productId,
  name: `The ${productId}`,
  quantity,
  price,
});

const range = given(shop, product('mug'), product('pan', euros(2_000)), product('tin', { amount: 5, currency: 'USD' }));
const order = {
  orderId: 'o1',
  customerId: 'ada',
  lines: [
    { productId: 'mug', quantity: 2 },
    { productId: 'pan', quantity: 1 },
  ],
};
const placed = OrderPlaced({
  orderId: 'o1',
  customerId: 'ada',
  lines: [line('mug', 2), line('pan', 1, euros(2_000))],
  total: euros(3_900),
  placedAt: '2026-01-01T12:00:00.000Z',
});

describe('PlaceOrder', () => {
  it('takes an order at the prices of the moment', async () => {
    await range.when(PlaceOrder(order)).then(placed);
    await range
      .when(ChangePrice({ productId: 'mug', price: euros(800) }))
      .when(PlaceOrder({ ...order, lines: [{ productId: 'mug', quantity: 3 }] }))
      .then(
        OrderPlaced({
          orderId: 'o1',
          customerId: 'ada',
          lines: [line('mug', 3, euros(800))],
          total: euros(2_400),
          placedAt: '2026-01-01T12:00:00.000Z',
        }),
      );
  });

  it('takes an order of another time, in UTC unless it is said otherwise', async () => {
    const lines = [{ productId: 'mug', quantity: 1 }];
    const at = (placedAt: string) =>
      OrderPlaced({ orderId: 'o1', customerId: 'ada', lines: [line('mug', 1)], total: euros(950), placedAt });
    const instants = [
      ['2025-06-30T10:00:00Z', '2025-06-30T10:00:00.000Z'],
      ['2025-06-30T10:00:00.250+02:00', '2025-06-30T08:00:00.250Z'],
      ['2025-06-30T10:00', '2025-06-30T10:00:00.000Z'],
      ['2025-06-30', '2025-06-30T00:00:00.000Z'],
    ];
    for (const [placedAt, instant] of instants) {
      await range.when(PlaceOrder({ ...order, lines, placedAt: placedAt! })).then(at(instant!));
    }
    await range.when(PlaceOrder({ ...order, lines, placedAt: 'yesterday' })).thenInvalid(['/placedAt']);
  });

  it('takes the same order once, whatever became of it and of prices since', async () => {
    const known = range.given(placed).later({ days: 1 });
    await known.when(PlaceOrder(order)).thenNothing();
    await known.when(PlaceOrder({ ...order, lines: [...order.lines].reverse() })).thenNothing();
    await known.when(PlaceOrder({ ...order, placedAt: '2026-01-01T13:00:00+01:00' })).thenNothing();
    await known
      .given(PriceChanged({ productId: 'mug', price: euros(1) }))
      .when(PlaceOrder(order))
      .thenNothing();
    await known
      .given(OrderCancelled({ orderId: 'o1', customerId: 'ada', cause: 'customer', reason: 'no' }))
      .when(PlaceOrder(order))
      .thenNothing();
  });

  it('refuses another order under the same id', async () => {
    const known = range.given(placed);
    await known.when(PlaceOrder({ ...order, customerId: 'bob' })).thenRejected('OrderExists');
    await known.when(PlaceOrder({ ...order, lines: order.lines.slice(1) })).thenRejected('OrderExists');
    await known
      .when(PlaceOrder({ ...order, lines: [order.lines[0]!, { productId: 'pan', quantity: 2 }] }))
      .thenRejected('OrderExists');
    await known
      .when(PlaceOrder({ ...order, lines: [order.lines[0]!, { productId: 'tin', quantity: 1 }] }))
      .thenRejected('OrderExists');
    await known.when(PlaceOrder({ ...order, placedAt: '2026-01-02T12:00:00Z' })).thenRejected('OrderExists');
  });

  it('knows products, each in one line, all in one currency', async () => {
    const place = (...lines: [string, number][]) =>
      range.when(PlaceOrder({ ...order, lines: lines.map(([productId, quantity]) => ({ productId, quantity })) }));
    await place(['mug', 1], ['cup', 1]).thenRejected('UnknownProduct', { productId: 'cup' });
    await place(['mug', 1], ['pan', 1], ['mug', 1]).thenRejected('DuplicateProduct', { productId: 'mug' });
    await place(['mug', 1], ['tin', 1]).thenRejected('MixedCurrencies');
  });

  it('names every wrong field', async () => {
    await range.when(PlaceOrder({ ...order, lines: [] })).thenInvalid(['/lines']);
    await range
      .when(PlaceOrder({ orderId: '', customerId: '', lines: [{ productId: '', quantity: 0 }] }))
      .thenInvalid(['/customerId', '/lines/0/productId', '/lines/0/quantity', '/orderId']);
    await range
      .when(PlaceOrder({ ...order, lines: [{ productId: 'mug', quantity: 1.5 }] }))
      .thenInvalid(['/lines/0/quantity']);
    const many = Array.from({ length: 51 }, (_, n) => ({ productId: `p${n}`, quantity: 1 }));
    await range.when(PlaceOrder({ ...order, lines: many })).thenInvalid(['/lines']);
  });
});
