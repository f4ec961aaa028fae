import { command } from 'carillon';
import { z } from 'zod';
import { price } from '../money.js';
import { id, text } from '../typed.js';
import { PriceChanged, ProductAdded } from './events.js';
import { priceOf } from './states.js';

export const AddProduct = command('AddProduct', {
  description: 'Puts a product on offer. Its stock comes after.',
  data: z.object({
    productId: id,
    name: text('Say what it is called', 500),
    category: text('Say where it belongs', 100),
    price,
  }),
  reads: (c) => ({ known: priceOf(c.productId) }),
  rejections: { ProductExists: 'There is a product with that id already' },
  decide: ({ data, known, reject }) => (known === undefined ? ProductAdded(data) : reject('ProductExists')),
});

export const ChangePrice = command('ChangePrice', {
  description: 'Changes what a product costs. Orders that are there keep the price at which they were placed.',
  data: z.object({ productId: id, price }),
  reads: (c) => ({ old: priceOf(c.productId) }),
  rejections: { UnknownProduct: 'There is no such product' },
  decide: ({ data, old, reject }) => {
    if (old === undefined) return reject('UnknownProduct');
    const isSame = old.amount === data.price.amount && old.currency === data.price.currency;
    return isSame ? undefined : PriceChanged(data);
  },
});
