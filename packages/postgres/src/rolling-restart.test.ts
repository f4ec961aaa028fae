// Every process of the shop is started again, one after the other, while customers order and look.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { products } from '../test-support/chaos/customers.js';
import { ShopProcess, startProvider } from '../test-support/chaos/shop-process.js';
import { startEmbeddedPostgres } from './embedded/embedded-postgres.js';

/** How often it is looked who is ready, as a load balancer does, in milliseconds. Processes go on for longer after SIGTERM. */
const lookMs = 200;
const drainSeconds = 4;
const roles = ['write', 'write', 'read', 'read', 'work', 'work'] as const;

/** Sends requests to processes that are ready, as a load balancer would that never tries twice. */
class Balancer {
  readonly failures: string[] = [];
  answered = 0;
  readonly #processes: readonly ShopProcess[];
  readonly #ready = new Map<ShopProcess, string>();
  #turn = 0;

  constructor(processes: readonly ShopProcess[]) {
    this.#processes = processes;
  }

  isReady(one: ShopProcess): boolean {
    return this.#ready.get(one) === one.base && one.base !== undefined;
  }

  /** Looks at each again and again, so that one which is slow to answer keeps nobody from seeing that another goes. */
  async look(signal: AbortSignal): Promise<void> {
    const looks = this.#processes.map(async (one) => {
      while (!signal.aborted) {
        const { base } = one;
        const response = base === undefined ? undefined : await fetch(`${base}/health/ready`).catch(() => undefined);
        if (base !== undefined && response?.ok === true) this.#ready.set(one, base);
        else this.#ready.delete(one);
        await sleep(lookMs);
      }
    });
    await Promise.all(looks);
  }

  async ask(role: ShopProcess['role'], path: string, init: RequestInit = {}): Promise<any> {
    const able = [...this.#ready].filter(([one]) => one.role === role);
    const base = able[this.#turn++ % able.length]?.[1];
    try {
      const response = await fetch(`${base}/${path}`, init);
      const body = await response.text();
      if (response.status !== 200) this.failures.push(`${path}: ${response.status} ${body}`);
      else this.answered++;
      return JSON.parse(body);
    } catch (error) {
      this.failures.push(`${path} at ${base}: ${error} ${(error as Error).cause}`);
    }
  }

  command(name: string, data: object): Promise<any> {
    const headers = { 'Content-Type': 'application/json' };
    return this.ask('write', `commands/${name}`, { method: 'POST', headers, body: JSON.stringify(data) });
  }
}

test('no request fails while every process is started again, one after the other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-rolling-'));
  const postgres = await startEmbeddedPostgres();
  const provider = await startProvider(join(folder, 'book.jsonl'), 7);
  const options = { url: postgres.url, providerUrl: provider.url, leaseTtlSeconds: 3, drainSeconds };
  const processes = roles.map((role) => new ShopProcess({ ...options, role }));
  const balancer = new Balancer(processes);
  const stop = new AbortController();
  try {
    await processes[0]!.start();
    await Promise.all(processes.slice(1).map((one) => one.start()));
    const looking = balancer.look(stop.signal);
    await expect.poll(() => processes.every((one) => balancer.isReady(one)), { timeout: 60_000 }).toBe(true);
    for (const productId of products) {
      const price = { amount: 990, currency: 'EUR' };
      await balancer.command('AddProduct', { productId, name: productId, category: 'kitchen', price });
      await balancer.command('ReceiveStock', { productId, quantity: 100_000 });
    }
    const customers = Array.from({ length: 6 }, async (_, lane) => {
      for (let n = 0; !stop.signal.aborted; n++) {
        const orderId = `o${lane}-${n}`;
        const lines = [{ productId: products[n % products.length], quantity: 1 }];
        const receipt = await balancer.command('PlaceOrder', { orderId, customerId: `c${lane}`, lines });
        const headers = { 'Carillon-After': String(receipt?.position ?? 0) };
        const order = await balancer.ask('read', `queries/OrderStatus?orderId=${orderId}`, { headers });
        if (order?.orderId !== orderId) balancer.failures.push(`${orderId} is not to be seen`);
        await sleep(10);
      }
    });
    for (const one of processes) {
      const answered = balancer.answered;
      await one.stop();
      await one.start();
      await expect.poll(() => balancer.isReady(one), { timeout: 60_000 }).toBe(true);
      expect(balancer.answered).toBeGreaterThan(answered);
    }
    stop.abort();
    await Promise.all([looking, ...customers]);
    expect(balancer.failures).toEqual([]);
  } finally {
    stop.abort();
    await Promise.all(processes.map((one) => one.kill()));
    await provider.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);
