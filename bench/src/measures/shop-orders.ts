import { module } from '@carillon-examples/shop';
import { readAll } from 'carillon/log';
import { start } from 'carillon/runtime';
import { ReceiveStock } from '../../../examples/shop/dist/inventory/commands.js';
import { PlaceOrder } from '../../../examples/shop/dist/ordering/placing.js';
import { memoryBook } from '../../../examples/shop/dist/provider/book.js';
import { SimulatedProvider } from '../../../examples/shop/dist/provider/simulated-provider.js';
import { shopWith } from '../../../examples/shop/dist/shop.js';
import { AddProduct } from '../../../examples/shop/dist/storefront/commands.js';
import { type Bench, inFlight, type Measure } from '../measure.js';

const orders = 10_000;
const products = 200;

interface Shopping {
  readonly ordersPerSecond: number;
  readonly reactionsPerSecond: number;
  readonly eventsPerOrder: number;
}

/** 10,000 orders as fast as they go, from the first one placed to the last one paid, with all that follows on each. */
async function shopping(bench: Bench): Promise<Shopping> {
  const provider = new SimulatedProvider({ book: memoryBook() });
  const shop = shopWith({ provider, packingTime: { milliseconds: 1 } });
  const running = await start(shop, { folder: bench.folder(), module });
  await inFlight(products, 32, async (n) => {
    const price = { amount: 100 + n, currency: 'EUR' };
    const product = { productId: `p${n}`, name: `Product ${n}`, category: `c${n % 12}`, price };
    await running.execute(AddProduct(product));
    await running.execute(ReceiveStock({ productId: `p${n}`, quantity: 1_000_000 }));
  });
  await running.idle();
  const before = await running.log.head();
  const begun = Date.now();
  await inFlight(orders, 64, (n) => {
    const lines = [0, 1, 2].slice(0, 1 + (n % 3)).map((at) => ({
      productId: `p${(n * 7 + at * 31) % products}`,
      quantity: 1 + (n % 2),
    }));
    return running.execute(PlaceOrder({ orderId: `o${n}`, customerId: `c${n % 500}`, lines }));
  });
  await running.idle();
  let paid = 0;
  let lastPaidAt = begun;
  let reactions = 0;
  let lastAt = begun;
  let events = 0;
  for await (const { type, metadata, recordedAt } of readAll(running.log, { items: [] }, { after: before })) {
    events++;
    lastAt = recordedAt.getTime();
    if (metadata['reaction'] !== undefined) reactions++;
    if (type !== 'PaymentReceived') continue;
    paid++;
    lastPaidAt = recordedAt.getTime();
  }
  await running.close();
  if (paid !== orders) throw new Error(`${paid} of ${orders} orders were paid.`);
  return {
    ordersPerSecond: orders / ((lastPaidAt - begun) / 1_000),
    reactionsPerSecond: reactions / ((lastAt - begun) / 1_000),
    eventsPerOrder: events / orders,
  };
}

let last: Shopping | undefined;

/** Orders of the shop, from placed to paid. */
export const shopOrders: Measure = {
  id: 'shop-orders',
  title: '10,000 orders of the shop, from placed to paid, with stock, payment and shipping',
  unit: 'orders/s',
  goals: [],
  async run(bench) {
    last = await shopping(bench);
    return { value: last.ordersPerSecond, ratios: { 'events for each order': last.eventsPerOrder } };
  },
};

/** What reactions and process managers did meanwhile: the events of the commands that they issued. */
export const shopReactions: Measure = {
  id: 'shop-reactions',
  title: 'what reactions and process managers of the shop do meanwhile',
  unit: 'reactions/s',
  runs: 1,
  goals: [],
  async run(bench) {
    last ??= await shopping(bench);
    return { value: last.reactionsPerSecond, ratios: {} };
  },
};
