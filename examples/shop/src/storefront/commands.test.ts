import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { shop } from '../shop.js';
import { AddProduct, ChangePrice } from './commands.js';
import { PriceChanged, ProductAdded } from './events.js';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const mug = { productId: 'mug', name: 'Mug', category: 'Kitchen', price: euros(950) };

describe('AddProduct', () => {
  it('puts a product on offer, once', async () => {
    await given(shop).when(AddProduct(mug)).then(ProductAdded(mug));
    await given(shop, ProductAdded(mug)).when(AddProduct(mug)).thenRejected('ProductExists');
  });

  it('names every wrong field', async () => {
    await given(shop)
      .when(AddProduct({ productId: '', name: '', category: '', price: { amount: 9.5, currency: 'euro' } }))
      .thenInvalid(['/category', '/name', '/price/amount', '/price/currency', '/productId']);
  });
});

describe('ChangePrice', () => {
  const change = ChangePrice({ productId: 'mug', price: euros(800) });

  it('changes the price of a product, unless it is that already', async () => {
    const changed = PriceChanged({ productId: 'mug', price: euros(800) });
    await given(shop, ProductAdded(mug)).when(change).then(changed);
    await given(shop, ProductAdded(mug), changed).when(change).thenNothing();
    await given(shop).when(change).thenRejected('UnknownProduct');
  });
});
