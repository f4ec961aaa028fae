import { query } from 'carillon';
import { z } from 'zod';
import { money } from '../money.js';
import { assortment } from './assortment.js';
import { writeCursor } from './cursor.js';
import { facetsOf } from './facets.js';
import { type Database, matching, type SearchParams, searchParams } from './matching.js';
import { stockLevel, stockLevelOf } from './stock-level.js';

const count = { count: z.int() };
const result = z.object({
  total: z.int(),
  items: z.array(z.object({ productId: z.string(), name: z.string(), category: z.string(), price: money, stockLevel })),
  /** Where the next page begins; not there on the last. */
  next: z.string().optional(),
  facets: z.object({
    categories: z.array(z.object({ value: z.string(), ...count })),
    /** Prices from `from` to `to`, both included; without `to` there is no end. */
    prices: z.array(z.object({ currency: z.string(), from: z.int(), to: z.int().optional(), ...count })),
    availability: z.array(z.object({ value: z.enum(['available', 'sold-out']), ...count })),
  }),
});

/** What each order goes by, and in which direction. */
const ranks = {
  relevance: ['ranking.relevance', 'desc'],
  popularity: ['products.sold', 'desc'],
  'price-low': ['products.amount', 'asc'],
  'price-high': ['products.amount', 'desc'],
} as const;

export const SearchProducts = query('SearchProducts', {
  description:
    'Products that fit, one page at a time, and how many products each choice of category, price or availability would leave.',
  params: searchParams,
  from: assortment,
  result,
  run: async (db, p): Promise<z.infer<typeof result>> => {
    const { total } = await matching(db, p)
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return { total, ...(await page(db, p)), facets: await facetsOf(db, p) };
  },
});

/**
 * A page goes on after the last product of the page before, wherever that is by then, instead of counting rows: what is added or
 * sold meanwhile neither repeats a product nor leaves one out, but for the few whose own place has passed that one's.
 */
async function page(db: Database, p: SearchParams) {
  const sort = p.after?.sort ?? p.sort ?? (p.text ? 'relevance' : 'popularity');
  const [rank, direction] = ranks[sort];
  let rows = matching(db, p);
  if (p.after !== undefined) {
    const { productId } = p.after;
    const last = sort === 'relevance' ? await relevance(db, p.text, productId) : p.after.rank;
    const isBehind = direction === 'desc' ? '<' : '>';
    rows = rows.where((row) =>
      row.or([row(rank, isBehind, last), row.and([row(rank, '=', last), row('products.productId', '>', productId)])]),
    );
  }
  const found = await rows
    .select(['products.productId', 'products.name', 'products.category'])
    .select(['products.amount', 'products.currency', 'products.onHand', `${rank} as rank`])
    .orderBy(rank, direction)
    .orderBy('products.productId')
    .limit(p.limit + 1)
    .execute();
  const items = found.slice(0, p.limit).map(({ productId, name, category, amount, currency, onHand }) => ({
    productId,
    name,
    category,
    price: { amount, currency },
    stockLevel: stockLevelOf(onHand),
  }));
  const last = found[p.limit - 1];
  const isLastPage = last === undefined || found.length <= p.limit;
  return isLastPage ? { items } : { items, next: writeCursor({ sort, rank: last.rank, productId: last.productId }) };
}

/** A product's relevance changes a little with every product that is added: asked again, it is comparable to the others'. */
async function relevance(db: Database, text: string | undefined, productId: string): Promise<number> {
  const found = await db
    .search('products', text ?? '')
    .select('ranking.relevance')
    .where('products.productId', '=', productId)
    .executeTakeFirst();
  return found?.relevance ?? 0;
}
