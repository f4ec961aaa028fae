import type { ResultOf } from '../live/shop.js';

/** A product as its page shows it. */
export type Product = NonNullable<ResultOf<'ProductDetails'>>;

/** How much of a product there is, as customers are told. */
export type StockLevel = Product['stockLevel'];
