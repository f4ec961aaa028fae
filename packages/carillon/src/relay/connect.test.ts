import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { httpHandler } from '../http/index.js';
import { start } from '../runtime/index.js';
import { brokerWith, holds, ids, place, useServices } from './connected.fixture.js';
import { inboxTag } from './relay-events.js';
import { deskService, happenedIn, laterStoreService, storeService, Withdraw, wholeSystem } from './services.fixture.js';

const services = useServices();
const placed = (orderIds: readonly string[]) => orderIds.map((id) => `Placed ${id}`);

describe('services', () => {
  test('get what other modules publish and they consume, with its tags, and nothing else', async () => {
    const broker = brokerWith();
    const desk = await services.run(deskService, broker);
    const store = await services.run(storeService, broker);
    await place(desk, 'o1', 'o2');
    await desk.execute(Withdraw({ orderId: 'o1' }));
    await holds(desk, ['Confirmed'], ['Confirmed o1', 'Confirmed o2']);
    expect(await happenedIn(store.log)).toEqual(
      expect.arrayContaining(['Placed o1', 'Placed o2', 'Reserved o1', 'Reserved o2']),
    );
    expect(await happenedIn(store.log, 'Scribbled', 'Withdrawn', 'Confirmed')).toEqual([]);

    const [there] = await desk.log.read({ items: [{ types: ['Placed'] }] }, { limit: 1 });
    const [here] = await store.log.read({ items: [{ types: ['Placed'] }] }, { limit: 1 });
    expect(here).toMatchObject({ id: there!.id, data: there!.data, version: there!.version });
    expect(here!.tags).toEqual(['order:o1', inboxTag('desk')]);
    expect(here!.metadata).toMatchObject({
      command: 'Place',
      origin: { module: 'desk', position: there!.position, recordedAt: there!.recordedAt.toISOString() },
    });
    expect(services.failures).toEqual([]);
  });

  test.each(ids(12).map((_, seed) => seed))(
    'lose nothing, repeat nothing and keep the order over a broker that does not (seed %i)',
    async (seed) => {
      const broker = brokerWith(seed);
      broker.faults = { loss: 0.15, repetition: 0.15, reordering: 0.15, failure: 0.05 };
      const desk = await services.run(deskService, broker);
      const store = await services.run(storeService, broker);
      const orderIds = ids(60);
      await place(desk, ...orderIds);
      await holds(store, ['Placed'], placed(orderIds));
      await expect
        .poll(async () => (await happenedIn(desk.log, 'Confirmed')).sort())
        .toEqual(orderIds.map((id) => `Confirmed ${id}`).sort());
    },
  );

  test('find out by themselves that the last messages are lost', async () => {
    const broker = brokerWith();
    const desk = await services.run(deskService, broker, { lookMs: 3_600_000 });
    broker.faults = { loss: 1 };
    const store = await services.run(storeService, broker);
    await place(desk, 'o1', 'o2');
    await holds(store, ['Placed'], placed(['o1', 'o2']));
  });

  test('send again what the broker acknowledged and has not got any more, for whoever else listens', async () => {
    const broker = brokerWith();
    const desk = await services.run(deskService, broker, { lookMs: 3_600_000 });
    await place(desk, ...ids(5));
    const publisher = { system: 'system', module: 'desk' };
    const last = async () => JSON.parse((await broker.transport.kept(publisher)).last ?? '{}').data?.orderId;
    await expect.poll(last).toBe('o5');
    broker.loseLast(3);
    await expect.poll(last).toBe('o5');
    broker.wipe();
    await expect.poll(last).toBe('o5');
    const store = await services.run(storeService, broker);
    await holds(store, ['Placed'], placed(ids(5)));
  });

  test('get from the log what the broker has let go, and a later start sends none of it again', async () => {
    const broker = brokerWith();
    const folder = await services.newFolder();
    let desk = await services.run(deskService, broker, { folder });
    await place(desk, ...ids(3));
    const publisher = { system: 'system', module: 'desk' };
    await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o3');
    broker.expire();
    await services.stop(desk);
    desk = await services.run(deskService, broker, { folder });
    const store = await services.run(storeService, broker);
    await place(desk, 'o4');
    await holds(store, ['Placed'], placed(ids(4)));
    const heard: string[] = [];
    await broker.transport.subscribe(publisher, 'another', async (bodies) => {
      heard.push(...bodies.map((body) => JSON.parse(body).data.orderId));
    });
    await expect.poll(() => heard).toEqual(['o4']);
  });

  test('go on where they were after a start, while the other one or the broker is away', async () => {
    const broker = brokerWith();
    const folder = await services.newFolder();
    const desk = await services.run(deskService, broker);
    let store = await services.run(storeService, broker, { folder });
    await place(desk, ...ids(3));
    await holds(store, ['Placed'], placed(ids(3)));
    await services.stop(store);
    await place(desk, ...ids(3, 4));
    broker.isAway = true;
    await place(desk, ...ids(3, 7));
    store = await services.run(storeService, broker, { folder });
    await expect.poll(() => services.failures.length).toBeGreaterThan(2);
    broker.isAway = false;
    await holds(store, ['Placed'], placed(ids(9)));
    await services.stop(desk);
    await holds(store, ['Placed'], placed(ids(9)));
  });

  test('that consume one more event get its history, once, however often versions change', async () => {
    const broker = brokerWith();
    const folder = await services.newFolder();
    const desk = await services.run(deskService, broker);
    await place(desk, ...ids(2));
    for (const orderId of ids(2)) await desk.execute(Withdraw({ orderId }));
    let store = await services.run(storeService, broker, { folder });
    await holds(store, ['Placed'], placed(ids(2)));
    await services.stop(store);

    store = await services.run(laterStoreService, broker, { folder });
    await holds(store, ['Withdrawn'], ['Withdrawn o1', 'Withdrawn o2']);
    await services.stop(store);

    store = await services.run(storeService, broker, { folder });
    await desk.execute(Withdraw({ orderId: 'o3' }));
    await place(desk, 'o3');
    await holds(store, ['Placed'], placed(ids(3)));
    await services.stop(store);

    store = await services.run(laterStoreService, broker, { folder });
    await desk.execute(Withdraw({ orderId: 'o4' }));
    await holds(
      store,
      ['Withdrawn'],
      ids(4).map((id) => `Withdrawn ${id}`),
    );
    await holds(store, ['Placed'], placed(ids(3)));
  });

  test('take in what is kept on the way while the publisher is away, though they consume more than before', async () => {
    const folder = await services.newFolder();
    const broker = brokerWith();
    const publisher = { system: 'system', module: 'desk' };
    const deskFolder = join(folder, 'desk');
    const storeFolder = join(folder, 'store');
    let desk = await services.run(deskService, broker, { folder: deskFolder });
    let store = await services.run(storeService, broker, { folder: storeFolder });
    await place(desk, 'o1');
    await desk.execute(Withdraw({ orderId: 'o1' }));
    await holds(store, ['Placed'], placed(['o1']));
    await services.stop(store);
    await place(desk, 'o2', 'o3');
    await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o3');
    await services.stop(desk);

    store = await services.run(laterStoreService, broker, { folder: storeFolder });
    await holds(store, ['Placed'], placed(ids(3)));
    expect(await happenedIn(store.log, 'Withdrawn')).toEqual([]);
    desk = await services.run(deskService, broker, { folder: deskFolder });
    await holds(store, ['Withdrawn'], ['Withdrawn o1']);
    await holds(store, ['Placed'], placed(ids(3)));
  });

  test('part from one application by copies of its folder, and nothing happens twice', async () => {
    const folder = await services.newFolder();
    const together = await start(wholeSystem, { folder: join(folder, 'whole') });
    await place(together, ...ids(3));
    await together.idle();
    await together.close();
    await cp(join(folder, 'whole'), join(folder, 'desk'), { recursive: true });
    await cp(join(folder, 'whole'), join(folder, 'store'), { recursive: true });

    const broker = brokerWith();
    const desk = await services.run(deskService, broker, { folder: join(folder, 'desk') });
    const store = await services.run(storeService, broker, { folder: join(folder, 'store') });
    await place(desk, ...ids(2, 4));
    await holds(
      desk,
      ['Confirmed'],
      ids(5).map((id) => `Confirmed ${id}`),
    );
    await holds(store, ['Placed'], placed(ids(5)));
    await holds(
      store,
      ['Reserved'],
      ids(5).map((id) => `Reserved ${id}`),
    );
    await holds(
      desk,
      ['Reserved'],
      ids(5).map((id) => `Reserved ${id}`),
    );
  });
});

test('a broker that is away is a problem for operators, of relay and inbox, and not when it is back', async () => {
  let laterMs = 0;
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + laterMs);
  const broker = brokerWith();
  const desk = await services.run(deskService, broker);
  await place(desk, 'o1');
  await expect.poll(async () => (await desk.relays()).map(({ lagMs }) => lagMs)).toEqual([0, undefined]);
  broker.isAway = true;
  await place(desk, 'o2');
  const troubles = async () => (await desk.relays()).map(({ trouble }) => trouble?.message);
  await expect.poll(troubles).toEqual(['the broker is away', 'the broker is away']);
  expect((await desk.health()).problems).toEqual([]);
  laterMs = 15_000;
  expect(await desk.health()).toEqual({
    ready: true,
    problems: [
      expect.stringMatching(/^The relay of module desk has sent nothing for [1-9]\d s: the broker is away\./),
      expect.stringMatching(
        /^The inbox for events of module store has got nothing for [1-9]\d s: the broker is away\./,
      ),
    ],
  });
  const measured = async () => (await httpHandler(desk).fetch(new Request('http://localhost/metrics'))).text();
  expect(await measured()).toContain('carillon_relay_connected{module="desk",application="system-desk"} 0');
  expect(await measured()).toContain('carillon_inbox_connected{module="store",application="system-desk"} 0');
  broker.isAway = false;
  await expect
    .poll(
      () => {
        laterMs += 8_000;
        return troubles();
      },
      { timeout: 20_000, interval: 1_000 },
    )
    .toEqual([undefined, undefined]);
  expect((await desk.health()).problems).toEqual([]);
  const text = await measured();
  expect(text).toContain('carillon_relay_connected{module="desk",application="system-desk"} 1');
  expect(text).toMatch(/carillon_relay_lag_seconds{module="desk",application="system-desk"} \d/);
  expect(text).toMatch(/carillon_relay_position{module="desk",application="system-desk"} [1-9]/);
  expect(text).toContain('carillon_inbox_position{module="store",application="system-desk"} 0');
  clock.mockRestore();
});
