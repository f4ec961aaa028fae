import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { StockReceived, StockReleased, StockReserved, StockShipped } from '../inventory/events.js';
import { OrderPaid, OrderPlaced, OrderRefunded } from '../ordering/events.js';
import { shop } from '../shop.js';
import { assortment } from './assortment.js';
import { BoughtTogether, boughtTogether } from './bought-together.js';
import { PriceChanged, ProductAdded } from './events.js';
import { Categories, ProductDetails, ProductsById } from './product-queries.js';
import { SalesByDay } from './sales.js';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const product = (productId: string, category = 'Kitchen') =>
  ProductAdded({ productId, name: productId.toUpperCase(), category, price: euros(950) });
const received = (productId: string, quantity: number) => StockReceived({ productId, quantity });
const lines = (...productIds: string[]) =>
  productIds.map((productId) => ({ productId, name: productId.toUpperCase(), quantity: 2, price: euros(950) }));
const total = euros(1_900);
const paid = (orderId: string, ...productIds: string[]) =>
  OrderPaid({ orderId, customerId: 'ada', lines: lines(...productIds), total });

describe('ProductDetails', () => {
  const mugs = { orderId: 'o1', lines: [{ productId: 'mug', quantity: 4 }] };

  it('follows the stock: received, set aside, freed, shipped', async () => {
    const history = [
      [product('mug'), 0, 0],
      [received('mug', 10), 10, 0],
      [StockReserved(mugs), 6, 4],
      [StockReleased(mugs), 10, 0],
      [StockReserved({ ...mugs, orderId: 'o2' }), 6, 4],
      [StockShipped({ ...mugs, orderId: 'o2' }), 6, 0],
    ] as const;
    for (const [index, [, onHand, reserved]] of history.entries()) {
      await given(shop, ...history.slice(0, index + 1).map(([event]) => event)).thenRowsMatching(
        assortment,
        'products',
        [{ productId: 'mug', onHand, reserved }],
      );
    }
  });

  it('says what a product is, and that there is none', async () => {
    await given(
      shop,
      product('mug'),
      PriceChanged({ productId: 'mug', price: { amount: 120, currency: 'JPY' } }),
      paid('o1', 'mug'),
    ).thenAnswer(ProductDetails({ productId: 'mug' }), {
      productId: 'mug',
      name: 'MUG',
      category: 'Kitchen',
      price: { amount: 120, currency: 'JPY' },
      stockLevel: 'none',
      stock: { onHand: 0, reserved: 0 },
      sold: 2,
    });
    await given(shop).thenAnswer(ProductDetails({ productId: 'mug' }), null);
  });
});

describe('ProductsById', () => {
  it('knows those that are there, by their ids', async () => {
    const known = (productId: string, stockLevel: 'none' | 'few') => ({
      productId,
      name: productId.toUpperCase(),
      category: 'Kitchen',
      price: euros(950),
      stockLevel,
    });
    const history = [product('pan'), product('mug'), product('lamp'), received('mug', 1)];
    await given(shop, ...history).thenAnswer(ProductsById({ productIds: ['pan', 'mug', 'none'] }), [
      known('mug', 'few'),
      known('pan', 'none'),
    ]);
    await given(shop, ...history).thenAnswer(ProductsById({ productIds: [] }), []);
  });
});

describe('Categories', () => {
  it('counts the products of each, and those that can be had', async () => {
    await given(shop, product('mug'), product('pan'), product('lamp', 'Lighting'), received('mug', 1)).thenAnswer(
      Categories({}),
      [
        { category: 'Kitchen', products: 2, available: 1 },
        { category: 'Lighting', products: 1, available: 0 },
      ],
    );
  });
});

describe('BoughtTogether', () => {
  const range = [product('mug'), product('pan'), product('pot'), product('lamp', 'Lighting')];
  const offer = (productId: string, because: 'bought-together' | 'same-category', category = 'Kitchen') => ({
    productId,
    name: productId.toUpperCase(),
    category,
    price: euros(950),
    because,
  });

  it('counts the orders that two products are in, and puts the most first', async () => {
    await given(
      shop,
      ...range,
      paid('o1', 'mug', 'pan', 'lamp'),
      paid('o2', 'lamp', 'mug'),
      paid('o3', 'pot'),
    ).thenAnswer(BoughtTogether({ productId: 'mug' }), [
      offer('lamp', 'bought-together', 'Lighting'),
      offer('pan', 'bought-together'),
    ]);
  });

  it('shows what is popular in the category as long as nobody bought anything with it', async () => {
    await given(shop, ...range, paid('o1', 'pot')).thenAnswer(BoughtTogether({ productId: 'mug' }), [
      offer('pot', 'same-category'),
      offer('pan', 'same-category'),
    ]);
    await given(shop, ...range).thenAnswer(BoughtTogether({ productId: 'unknown' }), []);
  });

  it('follows prices', async () => {
    await given(shop, ...range, PriceChanged({ productId: 'pot', price: euros(5) })).thenAnswerMatching(
      BoughtTogether({ productId: 'pan' }),
      [{ productId: 'mug' }, { productId: 'pot', price: euros(5) }],
    );
  });

  it('looks at no more than the first twenty lines of an order', async () => {
    const many = Array.from({ length: 25 }, (_, n) => `p${String(n).padStart(2, '0')}`);
    const pairs = many.slice(0, 20).flatMap((productId) =>
      many
        .slice(0, 20)
        .filter((otherId) => otherId !== productId)
        .map((otherId) => ({ productId, otherId, orders: 1 })),
    );
    await given(shop, ...many.map((id) => product(id)), paid('o1', ...many)).thenRows(boughtTogether, 'pairs', pairs);
  });
});

describe('SalesByDay', () => {
  const placed = (orderId: string, placedAt: string) =>
    OrderPlaced({ orderId, customerId: 'ada', lines: lines('mug'), total, placedAt });
  const refunded = (orderId: string) => OrderRefunded({ orderId, customerId: 'ada', amount: total });
  const whole = SalesByDay({ from: '2026-01-01', to: '2026-12-31' });

  it('counts an order when it is paid, on the day on which it was placed', async () => {
    const history = [
      product('mug'),
      placed('o1', '2026-03-01T23:59:59.000Z'),
      placed('o2', '2026-03-01T00:00:00.000Z'),
    ];
    await given(shop, ...history).thenAnswer(whole, []);
    await given(shop, ...history, paid('o1', 'mug'), paid('o2', 'mug')).thenAnswer(whole, [
      { day: '2026-03-01', currency: 'EUR', orders: 2, amount: 3_800, refunded: 0 },
    ]);
  });

  it('has a row for each currency, in the order of the days, from the first to the last that was asked for', async () => {
    const yen = { amount: 500, currency: 'JPY' };
    const events = ['2026-03-02', '2026-03-01', '2026-03-03', '2026-02-28'].flatMap((day) => [
      placed(day, `${day}T12:00:00.000Z`),
      paid(day, 'mug'),
    ]);
    const inYen = [
      placed('yen', '2026-03-02T12:00:00.000Z'),
      OrderPaid({ orderId: 'yen', customerId: 'ada', lines: lines('mug'), total: yen }),
    ];
    const row = (day: string) => ({ day, currency: 'EUR', orders: 1, amount: 1_900, refunded: 0 });
    await given(shop, product('mug'), ...events, ...inYen).thenAnswer(
      SalesByDay({ from: '2026-03-01', to: '2026-03-02' }),
      [row('2026-03-01'), row('2026-03-02'), { ...row('2026-03-02'), currency: 'JPY', amount: 500 }],
    );
  });

  it('says what was given back, but not of what never counted', async () => {
    const at = '2026-03-01T12:00:00.000Z';
    await given(
      shop,
      product('mug'),
      placed('o1', at),
      placed('late', at),
      paid('o1', 'mug'),
      refunded('o1'),
      refunded('late'),
    ).thenAnswer(whole, [{ day: '2026-03-01', currency: 'EUR', orders: 1, amount: 1_900, refunded: 1_900 }]);
  });
});
