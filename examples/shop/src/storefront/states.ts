// What the decisions about the range of products depend on.
import { state } from 'carillon';
import type { Money } from '../money.js';
import { PriceChanged, ProductAdded } from './events.js';

/** What a product costs; undefined when there is no such product. */
export const priceOf = state('product', { initial: undefined as Money | undefined })
  .on(ProductAdded, (_, e) => e.price)
  .on(PriceChanged, (_, e) => e.price);
