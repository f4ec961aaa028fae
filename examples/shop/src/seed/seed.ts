// A shop to begin with: a range of products, stock, and two months of orders.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { CommandRequest } from 'carillon';
import { allEvents } from 'carillon/log';
import { type RunningApplication, start } from 'carillon/runtime';
import { type Chance, chanceFrom } from '../customers/chance.js';
import { fillBasket } from '../customers/habits.js';
import { ReceiveStock } from '../inventory/commands.js';
import { RequestRefund } from '../ordering/cancelling.js';
import { PlaceOrder } from '../ordering/placing.js';
import { fileBook } from '../provider/book.js';
import { planByCustomer } from '../provider/plan.js';
import { SimulatedProvider } from '../provider/simulated-provider.js';
import { providerBook, shopWith } from '../shop.js';
import { AddProduct } from '../storefront/commands.js';
import { assortment, type SeedProduct } from './assortment.js';

const days = 60;
const dayMs = 86_400_000;

/**
 * Fills a new shop, and leaves one that is there alone. The clock it is filled by starts in the past; what happens to the orders then is
 * what happens to all orders.
 *
 * It is filled beside its place and moved there when it is whole. Interrupted, it goes on where it stopped the next time: every
 * command has an id, and is done once.
 */
export async function seed(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.unfinished`;
  let now = Date.now() - (Date.now() % dayMs) - days * dayMs;
  const running = await start(shopForThePast(unfinished), { folder: unfinished, clock: () => new Date(now) });
  try {
    // What was begun on another day goes on from that day: the same commands again.
    const [begun] = await running.log.read(allEvents, { limit: 1 });
    const firstDay = begun?.recordedAt.getTime() ?? now;
    const products = assortment();
    const past = Array.from({ length: days }, (_, day) =>
      ordersOf(day, firstDay + day * dayMs, chanceFrom(1_000 + day)),
    );
    await executeAll(running, 'products', products.map(AddProduct));
    await executeAll(running, 'stock', stockFor(products, past.flat()).map(ReceiveStock));
    for (const [day, orders] of past.entries()) {
      const chance = chanceFrom(2_000 + day);
      // The clock stands in the evening when the orders of a day are placed: none of them is from a time to come.
      now = firstDay + (day + 1) * dayMs - 1;
      await executeAll(running, `orders-${day}`, orders.map(PlaceOrder));
      await running.idle();
      const returned = orders.filter(() => chance() < 0.03);
      const reason = 'It is not what I expected';
      await executeAll(
        running,
        `returns-${day}`,
        returned.map(({ orderId }) => RequestRefund({ orderId, reason })),
        (code) => code === 'AlreadyCancelled',
      );
      await running.idle();
    }
  } finally {
    await running.close();
  }
  await rename(unfinished, folder);
}

/** The shop with nothing to wait for: banks and packers are as quick as the clock is moved. */
function shopForThePast(folder: string) {
  const provider = new SimulatedProvider({ book: fileBook(providerBook(folder)), plan: planByCustomer });
  return shopWith({ provider, packingTime: { seconds: 0 } });
}

/** What comes in: what will be ordered and more, of most things; of some things, too little. */
function stockFor(products: readonly SeedProduct[], orders: readonly PastOrder[]) {
  const demand = new Map<string, number>();
  for (const { productId, quantity } of orders.flatMap((order) => order.lines)) {
    demand.set(productId, (demand.get(productId) ?? 0) + quantity);
  }
  const chance = chanceFrom(days);
  return products.map(({ productId }) => {
    const wanted = demand.get(productId) ?? 0;
    const drawn = chance();
    if (drawn < 0.1) return { productId, quantity: Math.max(1, Math.floor(0.8 * wanted)) };
    const left = drawn < 0.3 ? 1 + 5 * chance() : drawn < 0.6 ? 6 + 15 * chance() : 21 + 60 * chance();
    return { productId, quantity: wanted + Math.floor(left) };
  });
}

type PastOrder = ReturnType<typeof ordersOf>[number];

/** The orders of a day, in the order of their times. More come every week, and most at its end. */
function ordersOf(day: number, midnight: number, chance: Chance) {
  const weekday = new Date(midnight).getUTCDay();
  const count = Math.round((5 + day / 10 + (weekday === 0 || weekday === 6 ? 5 : 0)) * (0.7 + 0.6 * chance()));
  const times = Array.from({ length: count }, () => Math.floor((8 + 14 * chance()) * 3_600_000)).sort((a, b) => a - b);
  const offered = assortment();
  return times.map((time, index) => {
    const number = 1 + Math.floor(chance() * 80);
    return {
      orderId: `${String(day + 1).padStart(4, '0')}-${String(index + 1).padStart(4, '0')}`,
      customerId: `customer-${number}${chance() < 0.03 ? '-declined' : ''}`,
      lines: fillBasket(offered, chance),
      placedAt: new Date(midnight + time).toISOString(),
    };
  });
}

async function executeAll(
  running: RunningApplication,
  name: string,
  requests: readonly CommandRequest[],
  mayBeRejected: (code: string) => boolean = () => false,
): Promise<void> {
  await Promise.all(
    requests.map(async (request, index) => {
      const result = await running.execute(request, { commandId: `seed:${name}:${index}` });
      if (result.rejected && !mayBeRejected(result.code)) {
        throw new Error(`The seed does not fit together: ${name} ${index}: ${result.message}`);
      }
    }),
  );
}
