import { allEvents, readAll } from 'carillon/log';
import { testApplication } from 'carillon/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { problemsAtRest } from '../invariants.js';
import { memoryBook } from '../provider/book.js';
import { SimulatedProvider } from '../provider/simulated-provider.js';
import { shopWith } from '../shop.js';
import { AddProduct } from '../storefront/commands.js';
import { ProductDetails } from '../storefront/product-queries.js';
import { chanceFrom } from './chance.js';
import { Crowd, openDoors } from './crowd.js';
import { maxOrdersPerMinute, SetSimulatedCustomers, SimulatedCustomers } from './switch.js';

/** A shop with three products and nothing on the shelves, its doors open. */
async function openShop() {
  const book = memoryBook();
  const shop = shopWith({ provider: new SimulatedProvider({ book }), packingTime: { milliseconds: 1 } });
  const running = await testApplication(shop);
  const home = new AbortController();
  for (const productId of ['mug', 'pan', 'lamp']) {
    const price = { amount: 950, currency: 'EUR' };
    await running.execute(AddProduct({ productId, name: productId, category: 'Kitchen', price }));
  }
  const gone = openDoors(running, { signal: home.signal, chance: chanceFrom(4), secondThoughtsMs: 1 });
  onTestFinished(async () => {
    home.abort();
    await gone;
    await running.close();
  });
  const count = async (type: string) =>
    (await running.log.read({ items: [{ types: [type] }] }, { limit: 10_000 })).length;
  return {
    running,
    book,
    count,
    reaches: (type: string, least: number) =>
      // By chance, and as fast as they are served.
      expect.poll(() => count(type), { timeout: 120_000 }).toBeGreaterThanOrEqual(least),
    goHome: () => {
      home.abort();
      return gone;
    },
  };
}

describe('simulated customers', () => {
  it('stay at home until they are switched on', async () => {
    const { running, count } = await openShop();
    expect((await running.query(SimulatedCustomers({}))).result).toEqual({ ordersPerMinute: 0 });
    await running.execute(SetSimulatedCustomers({ ordersPerMinute: 0 }));
    expect(await count('OrderPlaced')).toBe(0);
    expect(await count('SimulatedCustomersSet')).toBe(0);
  });

  it('buy, cancel and return things by commands, and leave everything as it must be', async () => {
    const { running, book, reaches, goHome } = await openShop();
    const set = await running.execute(SetSimulatedCustomers({ ordersPerMinute: maxOrdersPerMinute }));
    if (set.rejected) throw new Error(set.message);
    expect((await running.query(SimulatedCustomers({}), { after: set })).result).toEqual({
      ordersPerMinute: maxOrdersPerMinute,
    });
    await reaches('OrderShipped', 50);
    await reaches('OrderCancelled', 1);
    await reaches('OrderRefunded', 1);
    await goHome();
    await running.idle();
    const events = [];
    for await (const event of readAll(running.log, allEvents)) events.push(event);
    expect(problemsAtRest(events, book.entries())).toEqual([]);
    const { result: mug } = await running.query(ProductDetails({ productId: 'mug' }), { after: events.length });
    expect(mug?.stock.reserved).toBe(0);
  });

  it('come as often as is said, and not at all when nobody is to come', async () => {
    const { running, count, reaches } = await openShop();
    const home = new AbortController();
    const crowd = new Crowd(running, { signal: home.signal, chance: chanceFrom(5), secondThoughtsMs: 1 });
    let now = performance.now();
    crowd.comesAt(600);
    // They look at what there is before they buy.
    await expect
      .poll(() => {
        crowd.tick((now += 100));
        return count('OrderPlaced');
      })
      .toBeGreaterThan(0);
    await crowd.goesHome();
    const placed = await count('OrderPlaced');
    crowd.tick((now += 1_000));
    await reaches('OrderPlaced', placed + 10);
    crowd.comesAt(0);
    crowd.tick((now += 60_000));
    home.abort();
    await crowd.goesHome();
    expect(await count('OrderPlaced')).toBe(placed + 10);
  });

  it('go home when the shop is closed', async () => {
    const running = await testApplication(shopWith());
    const gone = openDoors(running);
    await running.query(SimulatedCustomers({}));
    await running.close();
    await expect(gone).resolves.toBeUndefined();
  });

  it('cannot be more than the shop is meant for', async () => {
    const { running } = await openShop();
    const tooMany = SetSimulatedCustomers({ ordersPerMinute: maxOrdersPerMinute + 1 });
    await expect(running.execute(tooMany)).rejects.toThrow('ordersPerMinute');
  });
});
