// https://dcb.events/examples/dynamic-product-price/: a price that was shown stays good for 10 minutes after it changed.
import { describe, it } from 'vitest';
import { z } from 'zod';
import { application, command, event, module, state } from '../../index.js';
import { given } from '../index.js';

const ProductDefined = event('ProductDefined', {
  data: z.object({ productId: z.string(), price: z.int() }),
  tags: (e) => ({ product: e.productId }),
});
const ProductPriceChanged = event('ProductPriceChanged', {
  data: z.object({ productId: z.string(), newPrice: z.int() }),
  tags: (e) => ({ product: e.productId }),
});
const ProductsOrdered = event('ProductsOrdered', {
  data: z.object({ items: z.array(z.object({ productId: z.string(), price: z.int() })) }),
  tags: (e) => ({ product: e.items.map((item) => item.productId) }),
});

const gracePeriodMs = 10 * 60 * 1_000;

/** The prices of a product, each with the instant until which it is good. */
const prices = state('product', { initial: [] as { price: number; goodUntilMs: number }[] })
  .on(ProductDefined, (_, e) => [{ price: e.price, goodUntilMs: Number.POSITIVE_INFINITY }])
  .on(ProductPriceChanged, (prices, e, event) => [
    ...prices.map((old) => ({
      ...old,
      goodUntilMs: Math.min(old.goodUntilMs, event.recordedAt.getTime() + gracePeriodMs),
    })),
    { price: e.newPrice, goodUntilMs: Number.POSITIVE_INFINITY },
  ]);

const OrderProducts = command('OrderProducts', {
  data: z.object({ items: z.array(z.object({ productId: z.string(), displayedPrice: z.int() })).max(20) }),
  reads: (c) => Object.fromEntries(c.items.map((item) => [`product ${item.productId}`, prices(item.productId)])),
  rejections: { PriceNotValid: 'The displayed price is not valid any more' },
  decide: ({ data, reject, now, ...products }) => {
    for (const item of data.items) {
      const valid = products[`product ${item.productId}`]!.some(
        (one) => one.price === item.displayedPrice && now.getTime() <= one.goodUntilMs,
      );
      if (!valid) return reject('PriceNotValid', { productId: item.productId });
    }
    return ProductsOrdered({
      items: data.items.map((item) => ({ productId: item.productId, price: item.displayedPrice })),
    });
  },
});

const pricing = application('pricing', {
  modules: [
    module('orders', { publishes: [ProductDefined, ProductPriceChanged, ProductsOrdered], commands: [OrderProducts] }),
  ],
});

const p1 = ProductDefined({ productId: 'p1', price: 123 });
const p2 = ProductDefined({ productId: 'p2', price: 50 });
const order = (...items: [string, number][]) =>
  OrderProducts({ items: items.map(([productId, displayedPrice]) => ({ productId, displayedPrice })) });
const ordered = (...items: [string, number][]) =>
  ProductsOrdered({ items: items.map(([productId, price]) => ({ productId, price })) });

describe('a displayed price', () => {
  it('must be one the product has', async () => {
    await given(pricing, p1)
      .when(order(['p1', 123]))
      .then(ordered(['p1', 123]));
    await given(pricing, p1)
      .when(order(['p1', 100]))
      .thenRejected('PriceNotValid');
  });

  it('stays good for 10 minutes after a change, and the new one is good at once', async () => {
    const changed = () =>
      given(pricing, p1, ProductPriceChanged({ productId: 'p1', newPrice: 134 })).at('2026-03-01T10:00:00Z');
    await changed()
      .later({ minutes: 10 })
      .when(order(['p1', 123]))
      .then(ordered(['p1', 123]));
    await changed()
      .later({ minutes: 11 })
      .when(order(['p1', 123]))
      .thenRejected('PriceNotValid');
    await changed()
      .later({ minutes: 11 })
      .when(order(['p1', 134]))
      .then(ordered(['p1', 134]));
  });

  it('is checked for every product of the cart', async () => {
    await given(pricing, p1, p2)
      .when(order(['p1', 123], ['p2', 50]))
      .then(ordered(['p1', 123], ['p2', 50]));
    await given(pricing, p1, p2)
      .when(order(['p1', 123], ['p2', 51]))
      .thenRejected('PriceNotValid', { productId: 'p2' });
  });
});
