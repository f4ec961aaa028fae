import type { RunningApplication } from 'carillon/runtime';
import { ReceiveStock } from '../inventory/commands.js';
import { SearchProducts } from '../storefront/search.js';
import type { Chance } from './chance.js';
import type { Offered } from './habits.js';

/** The most products that customers know of. */
const maxProducts = 2_000;

/** How many pieces of what is sold out come in. */
const restocked = { least: 15, most: 60 };

/** What is on offer, in the order of its ids, and the ids of what is sold out. */
export async function lookAtShelves(
  running: RunningApplication,
): Promise<{ readonly offered: readonly Offered[]; readonly soldOut: readonly string[] }> {
  const offered: Offered[] = [];
  const soldOut: string[] = [];
  let after: string | undefined;
  do {
    const { result } = await running.query(
      SearchProducts({ limit: 100, sort: 'price-low', ...(after !== undefined && { after }) }),
    );
    offered.push(...result.items);
    soldOut.push(...result.items.filter((item) => item.stockLevel === 'none').map((item) => item.productId));
    after = result.next;
  } while (after !== undefined && offered.length < maxProducts);
  return { offered: offered.sort((a, b) => (a.productId < b.productId ? -1 : 1)), soldOut };
}

/** Lets what is sold out come in again. */
export async function fillUp(running: RunningApplication, soldOut: readonly string[], chance: Chance): Promise<void> {
  for (const productId of soldOut) {
    const quantity = restocked.least + Math.floor(chance() * (restocked.most - restocked.least));
    await running.execute(ReceiveStock({ productId, quantity }));
  }
}
