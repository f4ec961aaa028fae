import { describe, expect, test } from 'vitest';
import { memoryLog } from '../log/memory-log.js';
import { brokerWith, ids, place, useServices } from './connected.fixture.js';
import { PublishedEventError } from './published-event.js';
import { Relay } from './relay.js';
import { deskService, Placed } from './services.fixture.js';

const services = useServices();

describe('relays', () => {
  test('say so, and send nothing, when the log is older than what was sent', async () => {
    const broker = brokerWith();
    const desk = await services.run(deskService, broker);
    await place(desk, ...ids(3));
    const publisher = { system: 'system', module: 'desk' };
    await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o3');
    await services.stop(desk);
    await services.run(deskService, broker);
    await expect.poll(() => services.failures.map(({ error }) => String(error)).join()).toMatch(/older backup/);
    expect((await broker.transport.kept(publisher)).last).toContain('o3');
  });

  test('send nothing any more, and give the lease back, when it ran out', async () => {
    const broker = brokerWith();
    const log = memoryLog();
    const publisher = { system: 'system', module: 'desk' };
    let isHeld = true;
    let givenBack = 0;
    const lease = { token: 1, isHeld: () => isHeld, giveBack: () => void givenBack++ };
    const onFailure = (error: unknown) => services.failures.push({ direction: 'relay', module: 'desk', error });
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

  test('go on when the last message on the way is none of a relay', async () => {
    const broker = brokerWith();
    const publisher = { system: 'system', module: 'desk' };
    const desk = await services.run(deskService, broker, { lookMs: 10 });
    await place(desk, 'o1');
    await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o1');
    await broker.transport.publish(publisher, [{ id: 'x', type: 'Placed', body: '{"hello":"world"}' }]);
    await expect.poll(() => services.failures.map(({ error }) => String(error)).join()).toMatch(/no CloudEvent/);
    await place(desk, 'o2');
    await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o2');
    expect(new Set(services.failures.map(({ error }) => (error as Error).constructor))).toEqual(
      new Set([PublishedEventError]),
    );
  });
});
