// Events as large as a log takes them, and larger: what an inbox adds to them does not count, and what no log takes stops nobody.
import { expect, test } from 'vitest';
import { maxEventBytes } from '../log/log-limits.js';
import { memoryLog } from '../log/memory-log.js';
import { brokerWith, useServices } from './connected.fixture.js';
import { Inbox } from './inbox.js';
import { Relay } from './relay.js';

const services = useServices();
const publisher = { system: 'system', module: 'desk' };
const types = ['Placed'];

/** An event of which data and metadata take so many bytes. */
function placed(bytes: number) {
  const frame = JSON.stringify({ text: '' }).length + '{}'.length;
  return { type: 'Placed', version: 1, data: { text: 'x'.repeat(bytes - frame) }, tags: [] };
}

function inboxInto(log: ReturnType<typeof memoryLog>, broker: ReturnType<typeof brokerWith>): Inbox {
  const { transport } = broker;
  const onFailure = (error: unknown) => void services.failures.push({ direction: 'inbox', module: 'desk', error });
  return new Inbox({ log, publisher, subscriber: 'store', types, transport, onFailure, askMs: 50 });
}

test('an event as large as a log takes it comes in', async () => {
  const broker = brokerWith();
  const [desk, store] = [memoryLog(), memoryLog()];
  await expect(desk.append([placed(maxEventBytes + 1)])).rejects.toMatchObject({ code: 'log-limit' });
  await desk.append([placed(maxEventBytes)]);
  await desk.append([placed(100)]);
  const relay = new Relay({ log: desk, publisher, types, transport: broker.transport, onFailure: () => undefined });
  relay.start();
  const inbox = inboxInto(store, broker);
  inbox.start();
  await expect.poll(async () => (await store.read({ items: [{ types }] })).length).toBe(2);
  expect(services.failures).toEqual([]);
  await inbox.close();
  await relay.close();
});

test('a message of somebody else that is larger than that is passed over', async () => {
  const broker = brokerWith();
  const store = memoryLog();
  const body = (position: number, text: string) =>
    JSON.stringify({
      specversion: '1.0',
      id: `e${position}`,
      source: '/system/desk',
      type: 'Placed',
      time: '2026-01-01T00:00:00.000Z',
      carillonversion: 1,
      carillonposition: String(position),
      carillonprevious: '0',
      carillontags: '[]',
      carillonmetadata: '{}',
      data: { text },
    });
  await broker.transport.publish(publisher, [
    { id: 'e1', type: 'Placed', body: body(1, 'x'.repeat(maxEventBytes)) },
    { id: 'e2', type: 'Placed', body: body(2, 'small') },
  ]);
  const inbox = inboxInto(store, broker);
  inbox.start();
  await expect.poll(async () => (await store.read({ items: [{ types }] })).map(({ id }) => id)).toEqual(['e2']);
  expect(services.failures.map(({ error }) => String(error)).join()).toContain('no log takes it');
  await inbox.close();
});
