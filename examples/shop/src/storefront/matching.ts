import type { QueryDatabase } from 'carillon';
import { z } from 'zod';
import type { assortment } from './assortment.js';
import { cursor, sort } from './cursor.js';

/** What can be asked for. */
export const searchParams = z.object({
  /** Words of the name and the category. The last may be unfinished; case, diacritics and a slip do not matter. */
  text: z.string().max(500).optional(),
  category: z.string().max(100).optional(),
  /** Prices from here to there, both included, in the currency's minor unit. */
  priceFrom: z.int().min(0).optional(),
  priceTo: z.int().min(0).optional(),
  /** Only prices in this currency. Prices in several are compared by their amounts alone: name one to go by price. */
  currency: z.string().max(3).optional(),
  availability: z.enum(['available', 'sold-out']).optional(),
  /** Default: by relevance when there is a text, otherwise by popularity. */
  sort: sort.optional(),
  limit: z.int().min(1).max(100).default(24),
  /** The `next` of the page before. */
  after: cursor.optional(),
});

/** What is looked for. */
export type SearchParams = z.infer<typeof searchParams>;

export type Database = QueryDatabase<(typeof assortment)['tables']>;

/** The products that fit. */
export function matching(db: Database, p: SearchParams) {
  let found = db.search('products', p.text ?? '');
  if (p.category !== undefined) found = found.where('products.category', '=', p.category);
  if (p.currency !== undefined) found = found.where('products.currency', '=', p.currency);
  if (p.priceFrom !== undefined) found = found.where('products.amount', '>=', p.priceFrom);
  if (p.priceTo !== undefined) found = found.where('products.amount', '<=', p.priceTo);
  if (p.availability === undefined) return found;
  return found.where('products.onHand', p.availability === 'available' ? '>' : '<=', 0);
}
