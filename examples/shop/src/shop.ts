import { join } from 'node:path';
import { application, type Duration } from 'carillon';
import { customers } from './customers/switch.js';
import { inventory } from './inventory/module.js';
import type { Patience } from './ordering/fulfilment.js';
import { ordering } from './ordering/module.js';
import { payment } from './payment/module.js';
import type { PaymentProvider } from './payment/payment-provider.js';
import type { CallPolicy } from './payment/reactions.js';
import { fileBook, memoryBook } from './provider/book.js';
import { HttpProvider } from './provider/http-provider.js';
import { planByCustomer } from './provider/plan.js';
import { SimulatedProvider } from './provider/simulated-provider.js';
import { shipping } from './shipping/module.js';
import { storefront } from './storefront/module.js';

/** How a shop works, where it is not said otherwise. */
export interface ShopParts {
  /** Who moves the money. Default: a simulated one with a book in memory, at which the customer decides: see `planByCustomer`. */
  readonly provider?: PaymentProvider;
  /** How calls to the provider are made. Default: 20 seconds for each, and again for some ten minutes. */
  readonly calls?: CallPolicy;
  /** How long an order waits for other modules before it is cancelled. Default: 10 minutes for stock, 5 for payment. */
  readonly patience?: Patience;
  /** How long it takes to pack a parcel. Default: 2 seconds. */
  readonly packingTime?: Duration;
}

/** How long a call to the default provider takes, in milliseconds: so that one can watch. */
const latencyMs = 300;

/** Makes a shop: five modules that share nothing but events, and the switch of the simulated customers. */
export function shopWith({
  provider = new SimulatedProvider({ book: memoryBook(), plan: planByCustomer, latencyMs }),
  calls = { timeoutMs: 20_000, retry: { maxAttempts: 30, baseDelayMs: 200, maxDelayMs: 30_000 } },
  patience = { stock: { minutes: 10 }, payment: { minutes: 5 } },
  packingTime = { seconds: 2 },
}: ShopParts = {}) {
  return application('shop', {
    description: 'Ordering, inventory, payment, shipping and a storefront that share nothing but events.',
    modules: [
      storefront,
      ordering({ patience }),
      inventory,
      payment({ provider, calls }),
      shipping({ packingTime }),
      customers,
    ],
  });
}

/** Where the simulated provider keeps its book, next to the shop's data. */
export function providerBook(folder: string): string {
  return join(folder, 'payment-provider.jsonl');
}

/** The provider that is a service of its own: where the environment variable `PAYMENT_PROVIDER_URL` says, if it does. */
function providerOutside(): PaymentProvider | undefined {
  const url = process.env['PAYMENT_PROVIDER_URL'];
  return url === undefined || url === '' ? undefined : new HttpProvider({ url });
}

/**
 * The shop for a data folder: the provider's book is in a file there, and survives the process as a real provider would. Unless the
 * provider is a service of its own.
 */
export function shopIn(folder: string) {
  const book = fileBook(providerBook(folder));
  return shopWith({ provider: providerOutside() ?? new SimulatedProvider({ book, plan: planByCustomer, latencyMs }) });
}

const outside = providerOutside();

/** The shop with the provider outside, or one in memory: what processes and threads load, and what is looked at without running it. */
export const shop = shopWith(outside === undefined ? {} : { provider: outside });

export default shop;
