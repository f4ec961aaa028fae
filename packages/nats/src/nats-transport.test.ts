import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { requires } from '../../../scripts/requires.js';
import { freePorts, NatsServer } from '../test-support/nats-server.js';
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

describe.skipIf(program === undefined)('a transport', () => {
  test('sends nothing behind a message that the server does not take: it would look as if all had been sent', async () => {
    const server = serverFor();
    await server.start();
    const transport = transportTo(server.url);
    await transport.kept(publisher);
    const message = (id: string, body: string) => ({ id, type: 'Rung', body });
    const messages = [message('1', 'first'), message('2', 'x'.repeat(2 ** 21)), message('3', 'last')];
    await expect(transport.publish(publisher, messages)).rejects.toMatchObject({ code: 'nats-message-too-large' });
    expect(await transport.kept(publisher)).toEqual({ last: 'first', hasForgotten: false });
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
