import { ValidationError } from 'carillon';
import type { RunningApplication } from 'carillon/runtime';
import { testApplication } from 'carillon/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StockReceived, StockReserved } from '../inventory/events.js';
import { OrderPaid } from '../ordering/events.js';
import { shop } from '../shop.js';
import { PriceChanged, ProductAdded } from './events.js';
import { SearchProducts } from './search.js';

type Params = Parameters<typeof SearchProducts>[0];

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const product = (productId: string, name: string, category: string, amount: number, currency = 'EUR') =>
  ProductAdded({ productId, name, category, price: { amount, currency } });
const received = (productId: string, quantity: number) => StockReceived({ productId, quantity });
const paid = (orderId: string, productId: string, quantity: number) =>
  OrderPaid({
    orderId,
    customerId: 'ada',
    lines: [{ productId, name: productId, quantity, price: euros(100) }],
    total: euros(100),
  });

const range = [
  product('moka', 'Moka pot, 3 cups', 'Coffee & Tea', 2_190),
  product('beans', 'Coffee beans, Éthiopie', 'Coffee & Tea', 950),
  product('lamp', 'Desk lamp, brass', 'Lighting', 8_490),
  product('bell', 'Desk bell, brass', 'Bells & Chimes', 1_590),
  product('tent', 'Two-person tent', 'Outdoors', 17_900),
  product('yen', 'Folding fan', 'Outdoors', 1_000, 'JPY'),
  received('moka', 21),
  received('beans', 20),
  received('lamp', 5),
  received('bell', 1),
  StockReserved({ orderId: 'o1', lines: [{ productId: 'bell', quantity: 1 }] }),
  paid('o2', 'lamp', 3),
  paid('o3', 'beans', 2),
];

let running: RunningApplication;
beforeEach(async () => {
  running = await testApplication(shop, { reactions: false });
  await running.log.append(range);
});
afterEach(() => running.close());

async function search(params: Params) {
  return (await running.query(SearchProducts(params), { after: await running.log.head() })).result;
}
async function found(params: Params) {
  return (await search(params)).items.map((item) => item.productId);
}

describe('SearchProducts', () => {
  it('finds words of name and category, unfinished ones, without diacritics, and with a slip', async () => {
    expect(await found({ text: 'brass' })).toEqual(expect.arrayContaining(['lamp', 'bell']));
    expect(await found({ text: 'desk bra' })).toHaveLength(2);
    expect(await found({ text: 'ethiopie' })).toEqual(['beans']);
    expect(await found({ text: 'outdoors' })).toEqual(expect.arrayContaining(['tent', 'yen']));
    expect(await found({ text: 'mocha pot' })).toEqual([]);
    expect(await found({ text: 'mkoa' })).toEqual(['moka']);
    expect(await found({ text: 'xyzzy' })).toEqual([]);
  });

  it('puts a word of the name before one of the category', async () => {
    expect(await found({ text: 'coffee' })).toEqual(['beans', 'moka']);
  });

  it('filters by category, price, currency and availability', async () => {
    expect(await found({ category: 'Coffee & Tea' })).toEqual(['beans', 'moka']);
    expect(await found({ category: 'coffee' })).toEqual([]);
    expect(await found({ priceFrom: 950, priceTo: 2_190, currency: 'EUR', sort: 'price-low' })).toEqual([
      'beans',
      'bell',
      'moka',
    ]);
    expect(await found({ currency: 'JPY' })).toEqual(['yen']);
    expect(await found({ availability: 'available' })).toEqual(['lamp', 'beans', 'moka']);
    expect(await found({ availability: 'sold-out' })).toEqual(['bell', 'tent', 'yen']);
  });

  it('says what it found', async () => {
    expect(await search({ text: 'lamp' })).toEqual({
      total: 1,
      items: [
        {
          productId: 'lamp',
          name: 'Desk lamp, brass',
          category: 'Lighting',
          price: { amount: 8_490, currency: 'EUR' },
          stockLevel: 'few',
        },
      ],
      facets: {
        categories: [{ value: 'Lighting', count: 1 }],
        prices: [{ currency: 'EUR', from: 5_000, to: 9_999, count: 1 }],
        availability: [{ value: 'available', count: 1 }],
      },
    });
  });

  it('says in words how much there is', async () => {
    const { items } = await search({});
    expect(Object.fromEntries(items.map((item) => [item.productId, item.stockLevel]))).toEqual({
      moka: 'many',
      beans: 'some',
      lamp: 'few',
      bell: 'none',
      tent: 'none',
      yen: 'none',
    });
  });

  it('sorts by popularity and by price, which may change', async () => {
    expect(await found({})).toEqual(['lamp', 'beans', 'bell', 'moka', 'tent', 'yen']);
    expect(await found({ sort: 'price-high', currency: 'EUR' })).toEqual(['tent', 'lamp', 'moka', 'bell', 'beans']);
    await running.log.append([PriceChanged({ productId: 'tent', price: euros(900) })]);
    expect(await found({ sort: 'price-low', currency: 'EUR' })).toEqual(['tent', 'beans', 'bell', 'moka', 'lamp']);
  });

  it('counts what each choice would leave, the chosen filter not counted', async () => {
    const { facets, total } = await search({ category: 'Coffee & Tea', availability: 'available' });
    expect(total).toBe(2);
    expect(facets.categories).toEqual([
      { value: 'Coffee & Tea', count: 2 },
      { value: 'Lighting', count: 1 },
    ]);
    expect(facets.prices).toEqual([
      { currency: 'EUR', from: 0, to: 999, count: 1 },
      { currency: 'EUR', from: 1_000, to: 2_499, count: 1 },
    ]);
    expect(facets.availability).toEqual([{ value: 'available', count: 2 }]);
  });

  it('counts prices of each currency, the last bracket without an end', async () => {
    const { facets } = await search({ category: 'Outdoors', currency: 'EUR', priceTo: 1 });
    expect(facets.prices).toEqual([
      { currency: 'EUR', from: 10_000, count: 1 },
      { currency: 'JPY', from: 1_000, to: 2_499, count: 1 },
    ]);
  });

  it.each([{}, { sort: 'price-low' }, { sort: 'price-high' }, { text: 'de' }] as const)(
    'comes page by page, nothing twice and nothing left out: %o',
    async (params) => {
      const expected = await found({ ...params, limit: 100 });
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const { items, next, total } = await search({ ...params, limit: 1, ...(after && { after }) });
        expect(total).toBe(expected.length);
        seen.push(...items.map((item) => item.productId));
        after = next;
      } while (after !== undefined);
      expect(seen).toEqual(expected);
    },
  );

  it.each([{}, { text: 'de', sort: 'relevance' }, { sort: 'price-low' }] as const)(
    'keeps its place while products are added and sold: %o',
    async (params) => {
      const rest = (await found({ ...params, limit: 100 })).slice(1);
      const { next } = await search({ ...params, limit: 1 });
      expect(rest).not.toEqual([]);
      await running.log.append([product('new', 'Desk pad', 'Desk & Paper', 50), paid('o4', 'lamp', 9)]);
      const later = await found({ ...params, limit: 100, after: next! });
      expect(later.filter((productId) => productId !== 'new')).toEqual(rest);
    },
  );

  it('refuses a cursor that it did not make', async () => {
    for (const after of ['', 'x', Buffer.from('{"sort":"price-low"}').toString('base64url')]) {
      await expect(search({ after })).rejects.toThrow(ValidationError);
    }
  });
});
