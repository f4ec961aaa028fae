import type { Client } from 'carillon/client';
import { createClient } from 'carillon/client';
import { type HttpServer, serve } from 'carillon/http';
import type { RunningApplication } from 'carillon/runtime';
import { type TestClock, testApplication, testClock } from 'carillon/testing';
import { openDoors } from '../src/customers/crowd.js';
import { pages } from '../src/index.js';
import type { ChargeAnswer, PaymentProvider } from '../src/payment/payment-provider.js';
import { planByCustomer } from '../src/provider/plan.js';
import { SimulatedProvider } from '../src/provider/simulated-provider.js';
import { type shop, shopWith } from '../src/shop.js';

/** A shop in this process, served as a host would. The bank answers and parcels leave when a test says so. */
export interface RunningShop {
  /** Where its page is. */
  readonly url: string;
  readonly client: Client<typeof shop>;
  /** Resolves when nothing is left to do: what was ordered is paid, if the bank answers, and every page can know it. */
  readonly idle: () => Promise<void>;
  /** Packs what is paid: parcels leave. */
  readonly pack: () => void;
  /** Lets no more answers of the bank come, until they are let through. */
  readonly holdBank: () => void;
  readonly letBankAnswer: () => void;
  /** Takes the server away; `serve` brings it back on the same port. */
  readonly hangUp: () => Promise<void>;
  readonly serve: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a shop with nothing in it. */
export async function runShop(): Promise<RunningShop> {
  const clock = testClock(new Date());
  const bank = new HeldBank();
  const running = await testApplication(shopWith({ provider: bank, packingTime: { seconds: 2 } }), { clock });
  const home = new AbortController();
  const crowd = openDoors(running, { signal: home.signal });
  let server = await serveOn(running, 0);
  const { url, port } = server;
  return {
    url: `${url}/shop/`,
    client: createClient<typeof shop>(`${url}/shop`),
    idle: () => running.idle(),
    pack: () => pass(clock),
    holdBank: () => bank.hold(),
    letBankAnswer: () => bank.letAnswer(),
    hangUp: () => server.close({ timeoutMs: 0 }),
    serve: async () => {
      server = await serveOn(running, port);
    },
    close: async () => {
      home.abort();
      await crowd;
      await server.close({ timeoutMs: 0 });
      await running.close();
    },
  };
}

function serveOn(running: RunningApplication, port: number): Promise<HttpServer> {
  return serve({ port, applications: [{ running, pages }] });
}

function pass(clock: TestClock): void {
  clock.later({ seconds: 2 });
}

/** The simulated provider, with a door in front of it. */
class HeldBank implements PaymentProvider {
  readonly #provider = new SimulatedProvider({ plan: planByCustomer });
  #isOpen: Promise<void> = Promise.resolve();
  #open = () => {};

  hold(): void {
    this.#isOpen = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  letAnswer(): void {
    this.#open();
  }

  async charge(...call: Parameters<PaymentProvider['charge']>): Promise<ChargeAnswer> {
    await this.#isOpen;
    return this.#provider.charge(...call);
  }

  refund(...call: Parameters<PaymentProvider['refund']>) {
    return this.#provider.refund(...call);
  }
}
