import { integer, query, readModel, table, text } from 'carillon';
import { z } from 'zod';
import { money } from '../money.js';
import { OrderPaid } from '../ordering/events.js';
import { PriceChanged, ProductAdded } from './events.js';

const products = table({
  columns: {
    productId: text(),
    name: text(),
    category: text(),
    amount: integer(),
    currency: text(),
    sold: integer().default(0),
  },
  key: 'productId',
  indexes: [['category', 'sold']],
});

const pairs = table({
  columns: { productId: text(), otherId: text(), orders: integer() },
  key: ['productId', 'otherId'],
});

/** How many lines of one order are looked at. It bounds the work for one order. */
const maxLines = 20;

/** Which products are in the same orders. */
export const boughtTogether = readModel('bought-together', { tables: { products, pairs } })
  .on(ProductAdded, ({ productId, name, category, price: { amount, currency } }, db) =>
    db.products.insert({ productId, name, category, amount, currency }),
  )
  .on(PriceChanged, ({ productId, price: { amount, currency } }, db) =>
    db.products.update(productId, { amount, currency }),
  )
  .on(OrderPaid, ({ lines }, db) => {
    for (const { productId, quantity } of lines) {
      db.products.update(productId, (product) => ({ sold: product.sold + quantity }));
    }
    const ids = lines.slice(0, maxLines).map((line) => line.productId);
    for (const productId of ids) {
      for (const otherId of ids) {
        if (otherId === productId) continue;
        const pair = { productId, otherId };
        db.pairs.update(pair, ({ orders }) => ({ orders: orders + 1 }), { ...pair, orders: 1 });
      }
    }
  });

const result = z.array(
  z.object({
    productId: z.string(),
    name: z.string(),
    category: z.string(),
    price: money,
    because: z.enum(['bought-together', 'same-category']),
  }),
);

export const BoughtTogether = query('BoughtTogether', {
  description: 'What customers bought together with a product; as long as nobody did, what is popular in its category.',
  params: z.object({ productId: z.string(), limit: z.int().min(1).max(50).default(6) }),
  from: boughtTogether,
  result,
  run: async (db, { productId, limit }): Promise<z.infer<typeof result>> => {
    const together = await db
      .selectFrom('pairs')
      .innerJoin('products', 'products.productId', 'pairs.otherId')
      .select(['products.productId', 'products.name', 'products.category', 'products.amount', 'products.currency'])
      .where('pairs.productId', '=', productId)
      .orderBy('pairs.orders', 'desc')
      .orderBy('products.productId')
      .limit(limit)
      .execute();
    if (together.length > 0) return together.map((product) => offered(product, 'bought-together'));
    const sameCategory = await db
      .selectFrom('products')
      .select(['productId', 'name', 'category', 'amount', 'currency'])
      .where('category', '=', db.selectFrom('products').select('category').where('productId', '=', productId))
      .where('productId', '!=', productId)
      .orderBy('sold', 'desc')
      .orderBy('productId')
      .limit(limit)
      .execute();
    return sameCategory.map((product) => offered(product, 'same-category'));
  },
});

interface Found {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly amount: number;
  readonly currency: string;
}

function offered({ amount, currency, ...product }: Found, because: z.infer<typeof result>[number]['because']) {
  return { ...product, price: { amount, currency }, because };
}
