import { accepted } from '@carillon-examples/pages/test-ui';
import type { Client } from 'carillon/client';
import type { shop } from '../src/shop.js';

type Product = readonly [productId: string, name: string, category: string, cents: number, quantity: number];

const few: readonly Product[] = [
  ['hand-bell', 'Hand bell, brass', 'Bells', 2_400, 12],
  ['ship-bell', 'Ship bell, bronze', 'Bells', 11_500, 3],
  ['bell-rope', 'Bell rope, hemp', 'Ropes', 900, 40],
  ['clock-rope', 'Clock rope, jute', 'Ropes', 700, 0],
];

/** Fills the shop: four products that tests know, and many that they only count. */
export async function stock(client: Client<typeof shop>): Promise<void> {
  const many = Array.from(
    { length: 60 },
    (_, i): Product => [`button-${i}`, `Button ${i + 1}`, 'Buttons', 100 + i * 10, 100],
  );
  await Promise.all(
    [...few, ...many].map(async ([productId, name, category, amount, quantity]) => {
      await accepted(client.execute('AddProduct', { productId, name, category, price: { amount, currency: 'EUR' } }));
      if (quantity > 0) await accepted(client.execute('ReceiveStock', { productId, quantity }));
    }),
  );
}
