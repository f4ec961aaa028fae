import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requires } from '../../../scripts/requires.js';
import { freePorts, NatsServer } from '../test-support/nats-server.js';
import { allSubjects, consumerName, replaySubject, streamName, subjectOf } from './names.js';
import { natsTransport } from './nats-transport.js';

const program = requires('nats-server');

/** Each looks like another when parts are put together, or when dots are replaced. */
const similar = [
  { system: 'a', module: 'b-c' },
  { system: 'a-b', module: 'c' },
  { system: 'a', module: 'b.c' },
  { system: 'a', module: 'b_c' },
  { system: 'a.b', module: 'c' },
  { system: 'a_b', module: 'c' },
  { system: 'a-b', module: 'c-d' },
  { system: 'a-b-c', module: 'd' },
  { system: 'a', module: 'b-c-d' },
];

test('a person can read them', () => {
  const ordering = { system: 'shop', module: 'ordering' };
  expect(streamName(ordering)).toBe('shop-ordering');
  expect(streamName({ system: 'kitchen', module: 'front-of-house' })).toBe('kitchen-front-of-house');
  expect(streamName({ system: 'my-shop', module: 'ordering' })).toBe('my-shop+ordering');
  expect(allSubjects(ordering)).toBe('shop.ordering.>');
  expect(subjectOf(ordering, 'OrderPlaced')).toBe('shop.ordering.OrderPlaced');
  expect(replaySubject(ordering)).toBe('_CARILLON.replay.shop.ordering');
  expect(consumerName('shop-payment')).toBe('shop-payment');
});

test('no two modules have the same ones', () => {
  for (const nameOf of [streamName, allSubjects, replaySubject]) {
    expect(new Set(similar.map(nameOf)).size).toBe(similar.length);
  }
  expect(consumerName('a.b')).not.toBe(consumerName('a_b'));
});

test('a server takes them, and keeps each module apart', program.options, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-names-'));
  const [port = 0] = await freePorts(1);
  const server = new NatsServer(program.path, folder, port);
  await server.start();
  const transport = natsTransport({ servers: server.url });
  try {
    for (const publisher of similar) {
      const body = JSON.stringify(publisher);
      await transport.kept(publisher);
      await transport.publish(publisher, [{ id: body, type: 'Happened', body }]);
    }
    for (const publisher of similar) {
      const heard: string[] = [];
      const subscription = await transport.subscribe(publisher, 'my.shop-store', async (bodies) => {
        heard.push(...bodies);
      });
      await expect.poll(() => heard).toEqual([JSON.stringify(publisher)]);
      await subscription.close();
      expect((await transport.kept(publisher)).last).toBe(JSON.stringify(publisher));
    }
  } finally {
    await transport.close();
    await server.kill();
    await rm(folder, { recursive: true });
  }
});
