// A shop at work in a process of its own, to be killed: customers order, cancel and want their money back until it dies.
import { start } from 'carillon/runtime';
import { ReceiveStock } from './inventory/commands.js';
import { CancelOrder, RequestRefund } from './ordering/cancelling.js';
import { PlaceOrder } from './ordering/placing.js';
import { fileBook } from './provider/book.js';
import { seededPlan } from './provider/plan.js';
import { SimulatedProvider } from './provider/simulated-provider.js';
import { providerBook, shopWith } from './shop.js';
import { AddProduct } from './storefront/commands.js';

/** What is sold. */
const products = ['mug', 'pan', 'pot', 'lid'];
/** So many customers act at the same time. */
const lanes = 12;

/** The shop that is killed: it is in a hurry, its provider declines, dawdles and forgets to answer. */
export function crashingShop(folder: string) {
  return shopWith({
    provider: new SimulatedProvider({
      book: fileBook(providerBook(folder)),
      plan: seededPlan(7, { declined: 0.1, late: 0.2, lost: 0.2, lateMs: 600 }),
      latencyMs: 5,
    }),
    calls: { timeoutMs: 2_000, retry: { maxAttempts: 50, baseDelayMs: 10, maxDelayMs: 200 } },
    patience: { stock: { seconds: 2 }, payment: { milliseconds: 400 } },
    packingTime: { milliseconds: 30 },
  });
}

const [folder, round] = process.argv.slice(2);
if (process.send !== undefined && folder !== undefined) await work(folder, Number(round));

async function work(folder: string, round: number): Promise<void> {
  const running = await start(crashingShop(folder), { folder });
  if (round === 0) {
    for (const productId of products) {
      const price = { amount: 990, currency: 'EUR' };
      await running.execute(AddProduct({ productId, name: productId, category: 'kitchen', price }));
    }
  }
  for (const productId of products) await running.execute(ReceiveStock({ productId, quantity: 60 }));
  const act = async (lane: number) => {
    for (let n = 0; ; n++) {
      const orderId = `o${round}-${lane}-${n}`;
      const lines = products
        .filter((_, at) => (n + lane + at) % 2 === 0)
        .map((productId) => ({ productId, quantity: 1 + (n % 2) }));
      const placed = await running.execute(PlaceOrder({ orderId, customerId: `c${lane}`, lines }));
      if (!placed.rejected) process.send?.(orderId);
      if (n % 7 === 3) await running.execute(CancelOrder({ orderId }));
      if (n % 7 === 5) await running.execute(RequestRefund({ orderId }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => act(lane)));
}
