// Modules of the shop as services of their own, over a real nats-server that is killed, and loses all it had.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { postgresStorage } from '@carillon/postgres';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@carillon/postgres/embedded';
import { hosting, type RecordedEvent } from 'carillon';
import { allEvents, readAll } from 'carillon/log';
import { connect, type Transport } from 'carillon/relay';
import { type RunningApplication, start } from 'carillon/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problemsAtRest } from '../../../examples/shop/src/invariants.js';
import { ReceiveStock } from '../../../examples/shop/src/inventory/commands.js';
import { CancelOrder, RequestRefund } from '../../../examples/shop/src/ordering/cancelling.js';
import { PlaceOrder } from '../../../examples/shop/src/ordering/placing.js';
import { type Book, memoryBook } from '../../../examples/shop/src/provider/book.js';
import { seededPlan } from '../../../examples/shop/src/provider/plan.js';
import { SimulatedProvider } from '../../../examples/shop/src/provider/simulated-provider.js';
import { shopWith } from '../../../examples/shop/src/shop.js';
import { AddProduct } from '../../../examples/shop/src/storefront/commands.js';
import { requires } from '../../../scripts/requires.js';
import { causalOrder } from '../test-support/causal-order.js';
import { freePorts, NatsServer, natsCluster } from '../test-support/nats-server.js';
import { natsTransport } from './nats-transport.js';

const program = requires('nats-server');
const parts = {
  desk: ['storefront', 'ordering', 'shipping', 'customers'],
  inventory: ['inventory'],
  payment: ['payment'],
};
type Part = keyof typeof parts;
const names = Object.keys(parts) as Part[];
const products = ['mug', 'pan', 'pot', 'lid'];

let folder: string;
let book: Book;
let servers: readonly NatsServer[] = [];
let postgres: EmbeddedPostgres | undefined;
const services = new Map<Part, { running: RunningApplication; transport: Transport }>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-nats-'));
  book = memoryBook();
});

afterEach(async () => {
  for (const part of [...services.keys()]) await stop(part);
  for (const server of servers) await server.kill();
  servers = [];
  await postgres?.stop();
  postgres = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function startService(part: Part, replicas = 1): Promise<void> {
  const plan = seededPlan(7, { declined: 0.1, late: 0.1, lost: 0.1, lateMs: 300 });
  const shop = shopWith({
    provider: new SimulatedProvider({ book, plan, latencyMs: 5 }),
    calls: { timeoutMs: 1_000, retry: { maxAttempts: 50, baseDelayMs: 10, maxDelayMs: 200 } },
    patience: { stock: { seconds: 60 }, payment: { seconds: 60 } },
    packingTime: { milliseconds: 30 },
  });
  const application = hosting(shop, parts[part], { name: `shop-${part}` });
  const running = await (part === 'payment' && postgres !== undefined
    ? start(application, { storage: postgresStorage({ url: postgres.url }), leaseTtlMs: 1_000 })
    : start(application, { folder: join(folder, part) }));
  const transport = natsTransport({ servers: servers.map(({ url }) => url), replicas });
  services.set(part, { running, transport });
  await connect(running, { transport, askMs: 500, lookMs: 1_000, onFailure: () => undefined });
}

async function stop(part: Part): Promise<void> {
  const service = services.get(part);
  services.delete(part);
  await service?.running.close();
  await service?.transport.close();
}

function service(part: Part): RunningApplication {
  const found = services.get(part);
  if (found === undefined) throw new Error(`${part} is not at work`);
  return found.running;
}

async function stock(): Promise<void> {
  for (const productId of products) {
    const price = { amount: 990, currency: 'EUR' };
    await service('desk').execute(AddProduct({ productId, name: productId, category: 'kitchen', price }));
  }
  const received = async () => {
    for (const productId of products) {
      const result = await service('inventory').execute(ReceiveStock({ productId, quantity: 150 }));
      if (result.rejected) return result.code;
    }
    return 'received';
  };
  // Inventory hears of a product a moment later.
  await expect.poll(received).toBe('received');
}

/** Customers order, cancel and want their money back. */
async function customers(from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n++) {
    const orderId = `o${n}`;
    const lines = products
      .filter((_, at) => (n + at) % 2 === 0)
      .map((productId) => ({ productId, quantity: 1 + (n % 2) }));
    await service('desk').execute(PlaceOrder({ orderId, customerId: `c${n % 9}`, lines }));
    if (n % 7 === 3) await service('desk').execute(CancelOrder({ orderId }));
    if (n % 7 === 5) await service('desk').execute(RequestRefund({ orderId }));
    await pause(4);
  }
}

async function eventsOf(part: Part): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of readAll(service(part).log, allEvents)) events.push(event);
  return events;
}

/** Nothing is wrong, and nothing is left to do; each service has what it consumes of the others, once and in order. */
async function allIsWell(orders: number): Promise<void> {
  const look = async () => {
    const logs = new Map(await Promise.all(names.map(async (name) => [name, await eventsOf(name)] as const)));
    const problems = problemsAtRest(causalOrder([...logs.values()]), book.entries());
    return [...problems.slice(0, 5), ...names.flatMap((name) => differences(name, logs))];
  };
  await expect.poll(look, { timeout: 120_000, interval: 300 }).toEqual([]);
  const placed = (await eventsOf('inventory')).filter(({ type }) => type === 'OrderPlaced');
  expect(placed).toHaveLength(orders);
}

/** Where what a service has of the others differs from what they published. */
function differences(name: Part, logs: ReadonlyMap<Part, readonly RecordedEvent[]>): string[] {
  return [...service(name).application.imports].flatMap(([module, types]) => {
    const home = names.find((one) => parts[one].includes(module)) as Part;
    const idsIn = (part: Part) => (logs.get(part) ?? []).filter(({ type }) => types.has(type)).map(({ id }) => id);
    const [here, there] = [idsIn(name), idsIn(home)];
    const at = there.findIndex((id, n) => id !== here[n]);
    if (at < 0 && here.length === there.length) return [];
    return [`${name} has ${here.length} of ${there.length} events of ${module}, and differs from number ${at}`];
  });
}

describe('modules of the shop as services over NATS', program.options, () => {
  test('work together while the server is killed, its storage deleted, and services come and go', async () => {
    const [port] = await freePorts(1);
    const server = new NatsServer(program.path, join(folder, 'nats'), port as number);
    servers = [server];
    await server.start();
    postgres = await startEmbeddedPostgres();
    for (const part of names) await startService(part);
    await stock();
    await customers(0, 60);

    const meanwhile = customers(60, 120);
    await server.kill();
    await pause(300);
    await server.start();
    await meanwhile;

    const next = customers(180, 120);
    await pause(200);
    await server.kill();
    await server.deleteStorage();
    await server.start();
    await stop('payment');
    await startService('payment');
    await next;
    await allIsWell(300);
  });

  test('work together over a cluster of three while one server after the other is killed', async () => {
    servers = await natsCluster(program.path, folder);
    await Promise.all(servers.map((server) => server.start()));
    for (const part of names) await startService(part, 3);
    await stock();
    let n = 0;
    for (const server of servers) {
      const meanwhile = customers(n, 60);
      await pause(100);
      await server.kill();
      await meanwhile;
      await customers(n + 60, 20);
      await server.start();
      n += 80;
    }
    await allIsWell(240);
  });
});
