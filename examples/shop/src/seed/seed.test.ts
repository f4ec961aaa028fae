import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allEvents, readAll } from 'carillon/log';
import { start } from 'carillon/runtime';
import { expect, it, onTestFinished } from 'vitest';
import { problemsAtRest } from '../invariants.js';
import { readBook } from '../provider/book.js';
import { providerBook, shopIn } from '../shop.js';
import { Categories } from '../storefront/product-queries.js';
import { SalesByDay } from '../storefront/sales.js';
import { SearchProducts } from '../storefront/search.js';
import { assortment } from './assortment.js';
import { seed } from './seed.js';

it('makes a range of some three hundred products, each id once, in a dozen categories', () => {
  const products = assortment();
  expect(products.length).toBeGreaterThan(280);
  expect(products.length).toBeLessThan(320);
  expect(new Set(products.map((product) => product.productId)).size).toBe(products.length);
  expect(new Set(products.map((product) => product.category)).size).toBe(12);
  for (const { productId, price } of products) {
    expect(productId).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(price.amount % 10, productId).toBe(0);
  }
  expect(assortment()).toEqual(products);
});

it('fills a folder with a shop that has a past, and leaves one that is there alone', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'carillon-shop-seed-')), 'shop');
  onTestFinished(() => rm(join(folder, '..'), { recursive: true }));
  await seed(folder);
  await seed(folder);
  const running = await start(shopIn(folder), { folder });
  onTestFinished(() => running.close());
  await running.idle();
  const events = [];
  for await (const event of readAll(running.log, allEvents)) events.push(event);
  expect(problemsAtRest(events, readBook(providerBook(folder)))).toEqual([]);

  const after = events.length;
  const { result: categories } = await running.query(Categories({}), { after });
  expect(categories).toHaveLength(12);
  const { result: sales } = await running.query(SalesByDay({ from: '2000-01-01', to: '2999-12-31' }), { after });
  expect(sales).toHaveLength(60);
  const levels = new Set<string>();
  for (const availability of ['available', 'sold-out'] as const) {
    const { result } = await running.query(SearchProducts({ availability, limit: 100 }), { after });
    for (const item of result.items) levels.add(item.stockLevel);
  }
  expect(levels).toEqual(new Set(['none', 'few', 'some', 'many']));
});
