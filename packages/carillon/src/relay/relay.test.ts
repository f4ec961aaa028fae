import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { httpHandler } from '../http/index.js';
import type { Application } from '../index.js';
import { memoryLog } from '../log/memory-log.js';
import { RandomSource } from '../random/random-source.js';
import { claimWork } from '../reacting/claim.js';
import { type RunningApplication, start, startInMemory } from '../runtime/index.js';
import { type ConnectOptions, connect } from './connect.js';
import { Inbox } from './inbox.js';
import { LossyBroker } from './lossy-transport.fixture.js';
import { PublishedEventError } from './published-event.js';
import { Relay } from './relay.js';
import { inboxTag } from './relay-events.js';
import type { RelayFailure } from './relay-warning.js';
import {
  deskService,
  happenedIn,
  laterStoreService,
  Place,
  Placed,
  storeService,
  Withdraw,
  wholeSystem,
} from './services.fixture.js';

const open: { close(): Promise<void> }[] = [];
const failures: RelayFailure[] = [];
let folder: string | undefined;

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  failures.length = 0;
  if (folder !== undefined) await rm(folder, { recursive: true });
  folder = undefined;
});

function brokerWith(seed = 1): LossyBroker {
  const random = new RandomSource(seed);
  return new LossyBroker(() => random.below(1_000_000) / 1_000_000);
}

async function run(
  service: Application<any, any>,
  broker: LossyBroker,
  options: Partial<ConnectOptions> & { readonly folder?: string } = {},
): Promise<RunningApplication> {
  const running = await (options.folder === undefined
    ? startInMemory(service)
    : start(service, { folder: options.folder }));
  open.push(running);
  const { transport } = broker;
  await connect(running, { transport, onFailure: (one) => failures.push(one), lookMs: 50, askMs: 50, ...options });
  return running;
}

async function stop(running: RunningApplication): Promise<void> {
  open.splice(open.indexOf(running), 1);
  await running.close();
}

async function place(desk: RunningApplication, ...orderIds: readonly string[]): Promise<void> {
  for (const orderId of orderIds) await desk.execute(Place({ orderId }));
}

function ids(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, n) => `o${n + from}`);
}

/** Until the log holds these events of these types, in this order, and no others of them. */
async function holds(running: RunningApplication, types: readonly string[], expected: readonly string[]) {
  await expect.poll(() => happenedIn(running.log, ...types), { timeout: 20_000, interval: 20 }).toEqual(expected);
}

const placed = (orderIds: readonly string[]) => orderIds.map((id) => `Placed ${id}`);

describe('services', () => {
  test('get what other modules publish and they consume, with its tags, and nothing else', async () => {
    const broker = brokerWith();
    const desk = await run(deskService, broker);
    const store = await run(storeService, broker);
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
    expect(failures).toEqual([]);
  });

  test.each(ids(12).map((_, seed) => seed))(
    'lose nothing, repeat nothing and keep the order over a broker that does not (seed %i)',
    async (seed) => {
      const broker = brokerWith(seed);
      broker.faults = { loss: 0.15, repetition: 0.15, reordering: 0.15, failure: 0.05 };
      const desk = await run(deskService, broker);
      const store = await run(storeService, broker);
      const orderIds = ids(60);
      await place(desk, ...orderIds);
      await holds(store, ['Placed'], placed(orderIds));
      await expect
        .poll(async () => (await happenedIn(desk.log, 'Confirmed')).sort(), { timeout: 20_000 })
        .toEqual(orderIds.map((id) => `Confirmed ${id}`).sort());
    },
  );

  test('find out by themselves that the last messages are lost', async () => {
    const broker = brokerWith();
    const desk = await run(deskService, broker, { lookMs: 3_600_000 });
    broker.faults = { loss: 1 };
    const store = await run(storeService, broker);
    await place(desk, 'o1', 'o2');
    await holds(store, ['Placed'], placed(['o1', 'o2']));
  });

  test('send again what the broker acknowledged and has not got any more, for whoever else listens', async () => {
    const broker = brokerWith();
    const desk = await run(deskService, broker, { lookMs: 3_600_000 });
    await place(desk, ...ids(5));
    const publisher = { system: 'system', module: 'desk' };
    const last = async () => JSON.parse((await broker.transport.kept(publisher)).last ?? '{}').data?.orderId;
    await expect.poll(last).toBe('o5');
    broker.loseLast(3);
    await expect.poll(last).toBe('o5');
    broker.wipe();
    await expect.poll(last).toBe('o5');
    const store = await run(storeService, broker);
    await holds(store, ['Placed'], placed(ids(5)));
  });

  test('get from the log what the broker has let go, and a later start sends none of it again', async () => {
    const broker = brokerWith();
    folder = await mkdtemp(join(tmpdir(), 'carillon-relay-'));
    let desk = await run(deskService, broker, { folder });
    await place(desk, ...ids(3));
    const publisher = { system: 'system', module: 'desk' };
    await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o3');
    broker.expire();
    await stop(desk);
    desk = await run(deskService, broker, { folder });
    const store = await run(storeService, broker);
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
    folder = await mkdtemp(join(tmpdir(), 'carillon-relay-'));
    const desk = await run(deskService, broker);
    let store = await run(storeService, broker, { folder });
    await place(desk, ...ids(3));
    await holds(store, ['Placed'], placed(ids(3)));
    await stop(store);
    await place(desk, ...ids(3, 4));
    broker.isAway = true;
    await place(desk, ...ids(3, 7));
    store = await run(storeService, broker, { folder });
    await expect.poll(() => failures.length).toBeGreaterThan(2);
    broker.isAway = false;
    await holds(store, ['Placed'], placed(ids(9)));
    await stop(desk);
    await holds(store, ['Placed'], placed(ids(9)));
  });

  test('that consume one more event get its history, once, however often versions change', async () => {
    const broker = brokerWith();
    folder = await mkdtemp(join(tmpdir(), 'carillon-relay-'));
    const desk = await run(deskService, broker);
    await place(desk, ...ids(2));
    for (const orderId of ids(2)) await desk.execute(Withdraw({ orderId }));
    let store = await run(storeService, broker, { folder });
    await holds(store, ['Placed'], placed(ids(2)));
    await stop(store);

    store = await run(laterStoreService, broker, { folder });
    await holds(store, ['Withdrawn'], ['Withdrawn o1', 'Withdrawn o2']);
    await stop(store);

    store = await run(storeService, broker, { folder });
    await desk.execute(Withdraw({ orderId: 'o3' }));
    await place(desk, 'o3');
    await holds(store, ['Placed'], placed(ids(3)));
    await stop(store);

    store = await run(laterStoreService, broker, { folder });
    await desk.execute(Withdraw({ orderId: 'o4' }));
    await holds(
      store,
      ['Withdrawn'],
      ids(4).map((id) => `Withdrawn ${id}`),
    );
    await holds(store, ['Placed'], placed(ids(3)));
  });

  test('take in what is kept on the way while the publisher is away, though they consume more than before', async () => {
    folder = await mkdtemp(join(tmpdir(), 'carillon-relay-'));
    const broker = brokerWith();
    const deskFolder = join(folder, 'desk');
    const storeFolder = join(folder, 'store');
    let desk = await run(deskService, broker, { folder: deskFolder });
    let store = await run(storeService, broker, { folder: storeFolder });
    await place(desk, 'o1');
    await desk.execute(Withdraw({ orderId: 'o1' }));
    await holds(store, ['Placed'], placed(['o1']));
    await stop(store);
    const sent = (await desk.log.head()) + 2;
    await place(desk, 'o2', 'o3');
    await expect
      .poll(async () => (await desk.relays()).find(({ direction }) => direction === 'relay')?.position)
      .toBeGreaterThanOrEqual(sent);
    await stop(desk);

    store = await run(laterStoreService, broker, { folder: storeFolder });
    await holds(store, ['Placed'], placed(ids(3)));
    expect(await happenedIn(store.log, 'Withdrawn')).toEqual([]);
    desk = await run(deskService, broker, { folder: deskFolder });
    await holds(store, ['Withdrawn'], ['Withdrawn o1']);
    await holds(store, ['Placed'], placed(ids(3)));
  });

  test('part from one application by copies of its folder, and nothing happens twice', async () => {
    folder = await mkdtemp(join(tmpdir(), 'carillon-relay-'));
    const together = await start(wholeSystem, { folder: join(folder, 'whole') });
    await place(together, ...ids(3));
    await together.idle();
    await together.close();
    await cp(join(folder, 'whole'), join(folder, 'desk'), { recursive: true });
    await cp(join(folder, 'whole'), join(folder, 'store'), { recursive: true });

    const broker = brokerWith();
    const desk = await run(deskService, broker, { folder: join(folder, 'desk') });
    const store = await run(storeService, broker, { folder: join(folder, 'store') });
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

  test('say so, and send nothing, when the log is older than what was sent', async () => {
    const broker = brokerWith();
    const desk = await run(deskService, broker);
    await place(desk, ...ids(3));
    const publisher = { system: 'system', module: 'desk' };
    await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o3');
    await stop(desk);
    await run(deskService, broker);
    await expect.poll(() => failures.map(({ error }) => String(error)).join()).toMatch(/older backup/);
    expect((await broker.transport.kept(publisher)).last).toContain('o3');
  });

  test('take nothing in any more once another process does', async () => {
    const broker = brokerWith();
    const desk = await run(deskService, broker);
    await place(desk, 'o1');
    const log = memoryLog();
    const publisher = { system: 'system', module: 'desk' };
    const givenBack: string[] = [];
    const claimant = (member: string) => ({
      member,
      lease: { token: 1, isHeld: () => true, giveBack: () => void givenBack.push(member) },
    });
    const inbox = async (member: string) => {
      const claim = await claimWork(log, 'inbox:desk', claimant(member));
      const { transport } = broker;
      const onFailure = (error: unknown) => failures.push({ direction: 'inbox', module: 'desk', error });
      const subscriber = 'store';
      return new Inbox({ log, publisher, subscriber, types: ['Placed'], transport, claim, onFailure, askMs: 50 });
    };
    const frozen = await inbox('frozen');
    const other = await inbox('other');
    other.start();
    await expect.poll(() => happenedIn(log)).toEqual(['Placed o1']);
    await other.close();
    await place(desk, 'o2');
    frozen.start();
    await expect.poll(() => givenBack).toContain('frozen');
    await frozen.close();
    expect(await happenedIn(log)).toEqual(['Placed o1']);
  });

  test('send nothing any more, and give the lease back, when it ran out', async () => {
    const broker = brokerWith();
    const log = memoryLog();
    const publisher = { system: 'system', module: 'desk' };
    let isHeld = true;
    let givenBack = 0;
    const lease = { token: 1, isHeld: () => isHeld, giveBack: () => void givenBack++ };
    const onFailure = (error: unknown) => failures.push({ direction: 'relay', module: 'desk', error });
    const relay = new Relay({ log, publisher, types: ['Placed'], transport: broker.transport, onFailure, lease });
    relay.start();
    const placed = (orderId: string) => ({ ...Placed({ orderId }), version: 1, tags: [] });
    await log.append([placed('o1')]);
    await expect.poll(() => relay.position).toBe(1);
    isHeld = false;
    await log.append([placed('o2')]);
    // Had it sent this before it looked at its lease, it would stop now.
    relay.wake();
    await expect.poll(() => givenBack).toBe(1);
    const { position } = relay;
    await log.append([placed('o3')]);
    await relay.close();
    expect(relay.position).toBe(position);
    expect((await broker.transport.kept(publisher)).last).not.toContain('o3');
  });

  test('refuse what no relay sent, and go on', async () => {
    const broker = brokerWith();
    const publisher = { system: 'system', module: 'desk' };
    const strange = ['no JSON', '{}', '[]', '{"specversion":"1.0","source":"/other/desk","id":"1","type":"Placed"}'];
    await broker.transport.publish(
      publisher,
      strange.map((body, n) => ({ id: String(n), type: 'Placed', body })),
    );
    const store = await run(storeService, broker);
    await expect.poll(() => failures.filter(({ direction }) => direction === 'inbox').length).toBeGreaterThan(3);
    expect(failures.map(({ error }) => String(error)).join('\n')).toMatch(/no JSON.*no CloudEvent.*\/other\/desk/s);
    await broker.transport.publish(publisher, [
      {
        id: 'e1',
        type: 'Placed',
        body: JSON.stringify({
          specversion: '1.0',
          id: 'e1',
          source: '/system/desk',
          type: 'Placed',
          time: '2026-01-01T00:00:00.000Z',
          carillonversion: 1,
          carillonposition: '1',
          carillonprevious: '0',
          carillontags: '["order:o1"]',
          carillonmetadata: '{}',
          data: Placed({ orderId: 'o1' }).data,
        }),
      },
    ]);
    await holds(store, ['Placed'], ['Placed o1']);
  });

  test('go on when the last message on the way is none of a relay', async () => {
    const broker = brokerWith();
    const publisher = { system: 'system', module: 'desk' };
    const desk = await run(deskService, broker, { lookMs: 10 });
    await place(desk, 'o1');
    await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o1');
    await broker.transport.publish(publisher, [{ id: 'x', type: 'Placed', body: '{"hello":"world"}' }]);
    await expect.poll(() => failures.map(({ error }) => String(error)).join()).toMatch(/no CloudEvent/);
    await place(desk, 'o2');
    await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o2');
    expect(new Set(failures.map(({ error }) => (error as Error).constructor))).toEqual(new Set([PublishedEventError]));
  });
});

test('a broker that is away is a problem for operators, of relay and inbox, and not when it is back', async () => {
  let laterMs = 0;
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + laterMs);
  const broker = brokerWith();
  const desk = await run(deskService, broker);
  await place(desk, 'o1');
  await expect.poll(async () => (await desk.relays()).map(({ lagMs }) => lagMs)).toEqual([0, undefined]);
  broker.isAway = true;
  await place(desk, 'o2');
  const troubles = async () => (await desk.relays()).map(({ trouble }) => trouble?.message);
  await expect.poll(troubles, { timeout: 5_000 }).toEqual(['the broker is away', 'the broker is away']);
  expect((await desk.health()).problems).toEqual([]);
  laterMs = 15_000;
  expect(await desk.health()).toEqual({
    ready: true,
    problems: [
      expect.stringMatching(/^The relay of module desk has sent nothing for 1\d s: the broker is away\./),
      expect.stringMatching(/^The inbox for events of module store has got nothing for 1\d s: the broker is away\./),
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
