import { query } from 'carillon';
import { z } from 'zod';
import { money } from '../money.js';
import { assortment } from './assortment.js';
import { stockLevel, stockLevelOf } from './stock-level.js';

export const ProductDetails = query('ProductDetails', {
  description: 'A product, and how much of it there is; null when there is no such product.',
  params: z.object({ productId: z.string() }),
  from: assortment,
  result: z
    .object({
      productId: z.string(),
      name: z.string(),
      category: z.string(),
      price: money,
      stockLevel,
      stock: z.object({
        /** On the shelf, and free. */
        onHand: z.int(),
        /** On the shelf, set aside for orders. */
        reserved: z.int(),
      }),
      /** How many pieces have been paid for. */
      sold: z.int(),
    })
    .nullable(),
  run: async (db, { productId }) => {
    const found = await db.selectFrom('products').selectAll().where('productId', '=', productId).executeTakeFirst();
    if (found === undefined) return null;
    const { amount, currency, onHand, reserved, ...product } = found;
    const stock = { onHand, reserved };
    return { ...product, price: { amount, currency }, stockLevel: stockLevelOf(onHand), stock };
  },
});

export const ProductsById = query('ProductsById', {
  description: 'What is known of these products, by their ids; those that are not there are left out. For baskets.',
  params: z.object({ productIds: z.array(z.string()).max(100) }),
  from: assortment,
  result: z.array(
    z.object({ productId: z.string(), name: z.string(), category: z.string(), price: money, stockLevel }),
  ),
  run: async (db, { productIds }) => {
    if (productIds.length === 0) return [];
    const found = await db
      .selectFrom('products')
      .select(['productId', 'name', 'category', 'amount', 'currency', 'onHand'])
      .where('productId', 'in', productIds)
      .orderBy('productId')
      .execute();
    return found.map(({ amount, currency, onHand, ...product }) => ({
      ...product,
      price: { amount, currency },
      stockLevel: stockLevelOf(onHand),
    }));
  },
});

export const Categories = query('Categories', {
  description: 'The categories by name, with how many products are in each and how many of them can be had now.',
  params: z.object({}),
  from: assortment,
  result: z.array(z.object({ category: z.string(), products: z.int(), available: z.int() })),
  run: (db) =>
    db
      .selectFrom('products')
      .select(({ fn }) => ['category', fn.countAll<number>().as('products')])
      .select((row) => row.fn.sum<number>(row.case().when('onHand', '>', 0).then(1).else(0).end()).as('available'))
      .groupBy('category')
      .orderBy('category')
      .limit(1_000),
});
