// What happens to the range of products. Other modules know these events, and nothing else of the storefront.
import { event } from 'carillon';
import { z } from 'zod';
import { money } from '../money.js';

export const ProductAdded = event('ProductAdded', {
  data: z.object({ productId: z.string(), name: z.string(), category: z.string(), price: money }),
  tags: (e) => ({ product: e.productId }),
});

export const PriceChanged = event('PriceChanged', {
  data: z.object({ productId: z.string(), price: money }),
  tags: (e) => ({ product: e.productId }),
});
