import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { requires } from '../../../scripts/requires.js';
import { freePorts, NatsServer } from '../test-support/nats-server.js';
import { streamName } from './names.js';
import { natsTransport } from './nats-transport.js';

const program = requires('nats-server');
const publisher = { system: 'tower', module: 'bells' };

let folder: string;
let port: number;
let ends: (() => Promise<void>)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-nats-transport-'));
  [port = 0] = await freePorts(1);
  ends = [];
});

afterEach(async () => {
  for (const end of ends) await end();
  await rm(folder, { recursive: true, force: true });
});

function serverFor(user?: { readonly user: string; readonly pass: string }): NatsServer {
  const server = new NatsServer(program.path ?? '', join(folder, 'nats'), port, undefined, user);
  ends.push(() => server.kill());
  return server;
}

function transportTo(servers: string) {
  const transport = natsTransport({ servers });
  ends.unshift(() => transport.close());
  return transport;
}

function message(id: string, body: string) {
  return { id, type: 'Rung', body };
}

/** The bodies of all that the stream keeps. */
async function stored(manager: JetStreamManager): Promise<string[]> {
  const name = streamName(publisher);
  const { state } = await manager.streams.info(name);
  const bodies: string[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    bodies.push((await manager.streams.getMessage(name, { seq }))?.string() ?? '');
  }
  return bodies;
}

describe.skipIf(program === undefined)('a transport', () => {
  test('sends nothing behind a message that the server does not take: it would look as if all had been sent', async () => {
    const server = serverFor();
    await server.start();
    const transport = transportTo(server.url);
    await transport.kept(publisher);
    const messages = [message('1', 'first'), message('2', 'x'.repeat(2 ** 21)), message('3', 'last')];
    await expect(transport.publish(publisher, messages)).rejects.toMatchObject({ code: 'nats-message-too-large' });
    expect(await transport.kept(publisher)).toEqual({ last: 'first', hasForgotten: false });
  });

  test('sends nothing behind a message that the stream does not take', async () => {
    const server = serverFor();
    await server.start();
    const transport = transportTo(server.url);
    await transport.kept(publisher);
    const connection = await connect({ servers: server.url });
    ends.unshift(() => connection.close());
    const manager = await jetstreamManager(connection);
    await manager.streams.update(streamName(publisher), { max_msg_size: 1_000 });
    const messages = [message('1', 'first'), message('2', 'x'.repeat(2_000)), message('3', 'last')];
    await expect(transport.publish(publisher, messages)).rejects.toThrow(/message size exceeds/);
    expect(await transport.kept(publisher)).toEqual({ last: 'first', hasForgotten: false });

    await manager.streams.update(streamName(publisher), { max_msg_size: -1 });
    await transport.publish(publisher, messages.slice(1));
    expect(await stored(manager)).toEqual(messages.map(({ body }) => body));
  });

  test('that slept while another process did its work stores nothing twice, however long that was', async () => {
    const server = serverFor();
    await server.start();
    const [transport, other] = [transportTo(server.url), transportTo(server.url)];
    const messages = [0, 1, 2, 3].map((n) => message(`${n}`, `body ${n}`));
    await transport.kept(publisher);
    const connection = await connect({ servers: server.url });
    ends.unshift(() => connection.close());
    const manager = await jetstreamManager(connection);
    // After that the server does not know any more what was there before.
    await manager.streams.update(streamName(publisher), { duplicate_window: nanos(100) });
    await other.publish(publisher, messages.slice(0, 3));
    await sleep(1_000);
    await expect(transport.publish(publisher, messages)).rejects.toThrow(/something else was published to tower-bells/);
    // Only the one whose place it was.
    expect(await stored(manager)).toEqual(messages.map(({ body }) => body));
    expect(await transport.kept(publisher)).toMatchObject({ last: 'body 3' });
    await transport.publish(publisher, [message('4', 'body 4')]);
    expect(await stored(manager)).toHaveLength(5);
  });

  test('stores once what it is given again, and what follows it', async () => {
    const server = serverFor();
    await server.start();
    const transport = transportTo(server.url);
    await transport.kept(publisher);
    const messages = Array.from({ length: 6 }, (_, n) => message(`${n}`, `body ${n}`));
    await transport.publish(publisher, messages.slice(0, 4));
    await transport.publish(publisher, messages.slice(2));
    await transportTo(server.url).publish(publisher, [...messages, message('6', 'body 6')]);
    const connection = await connect({ servers: server.url });
    ends.unshift(() => connection.close());
    expect(await stored(await jetstreamManager(connection))).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `body ${n}`));
  });

  test('hands over what is waiting in parts that can be appended at once, however large it is', async () => {
    const server = serverFor();
    await server.start();
    const transport = transportTo(server.url);
    await transport.kept(publisher);
    const messages = Array.from({ length: 40 }, (_, n) => ({ id: `${n}`, type: 'Rung', body: `${n}`.padEnd(500_000) }));
    await transport.publish(publisher, messages);
    const heard: string[] = [];
    let largest = 0;
    await transport.subscribe(publisher, 'keeper', async (bodies) => {
      largest = Math.max(largest, bodies.join('').length);
      heard.push(...bodies.map((body) => body.trim()));
      // All others come in meanwhile.
      await sleep(heard.length === bodies.length ? 1_000 : 0);
    });
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(messages.map(({ id }) => id));
    expect(largest).toBeLessThanOrEqual(8 * 1_024 * 1_024);
  });

  test('gives no answer that is larger than the server takes, and goes on', async () => {
    const server = serverFor();
    await server.start();
    const [answering, asking] = [transportTo(server.url), transportTo(server.url)];
    await answering.answer(publisher, async (request) => request.repeat(2 ** 21));
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    try {
      await expect(asking.ask(publisher, 'x')).rejects.toMatchObject({ code: 'nats-failed' });
    } finally {
      process.off('unhandledRejection', unhandled);
    }
    expect(unhandled).not.toHaveBeenCalled();
    expect(await asking.ask(publisher, '')).toBe('');
  });

  test('answers no more when it is told to end, though the server stands still', async () => {
    const server = serverFor();
    await server.start();
    const end = await transportTo(server.url).answer(publisher, async (request) => request);
    server.freeze();
    await end();
  });

  test('answers again after the server did not let it in for a while', async () => {
    const right = serverFor({ user: 'ann', pass: 'right' });
    const other = serverFor({ user: 'ann', pass: 'other' });
    const url = `nats://ann:right@127.0.0.1:${port}`;
    const [answering, asking] = [transportTo(url), transportTo(url)];
    await right.start();
    await answering.answer(publisher, async (request) => `re: ${request}`);
    expect(await asking.ask(publisher, 'one')).toBe('re: one');
    await right.kill();
    await other.start();
    // Long enough to be refused several times.
    await sleep(3_000);
    await other.kill();
    await right.start();
    const answer = () => asking.ask(publisher, 'two').catch(({ message }: Error) => message);
    await expect.poll(answer).toBe('re: two');
  });
});
