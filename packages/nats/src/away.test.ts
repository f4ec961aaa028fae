// How long the server has been away, by the transport: the real nats-server is killed and started again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { requires } from '../../../scripts/requires.js';
import { freePorts, NatsServer } from '../test-support/nats-server.js';
import { natsTransport } from './nats-transport.js';

const program = requires('nats-server');

test.skipIf(program === undefined)(
  'a server that is killed is away until it is back, though nothing is sent',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-nats-away-'));
    const [port] = await freePorts(1);
    const server = new NatsServer(program.path, join(folder, 'nats'), port!);
    const transport = natsTransport({ servers: server.url });
    const publisher = { system: 'tower', module: 'bells' };
    try {
      await expect(transport.kept(publisher)).rejects.toMatchObject({ code: 'nats-failed' });
      await expect.poll(() => transport.awayMs?.()).toBeGreaterThan(0);
      await server.start();
      await transport.kept(publisher);
      expect(transport.awayMs?.()).toBe(0);
      await server.kill();
      await expect.poll(() => transport.awayMs?.()).toBeGreaterThan(0);
      await server.start();
      await expect.poll(() => transport.awayMs?.()).toBe(0);
    } finally {
      await transport.close();
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
);

test.skipIf(program === undefined)(
  'a server that stands still is left for another one of the cluster',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-nats-away-'));
    const ports = await freePorts(2);
    const servers = ports.map((port) => new NatsServer(program.path, join(folder, `${port}`), port));
    const [first, other] = servers;
    const transport = natsTransport({
      servers: servers.map(({ url }) => url),
      connection: { noRandomize: true },
    });
    const publisher = { system: 'tower', module: 'bells' };
    try {
      for (const server of servers) await server.start();
      await transport.kept(publisher);
      const reconnected = vi.fn();
      transport.onReconnect(reconnected);
      first!.freeze();
      await expect.poll(() => reconnected.mock.calls.length, { timeout: 60_000 }).toBe(1);
      await other!.kill();
      await expect.poll(() => transport.awayMs?.(), { timeout: 10_000 }).toBeGreaterThan(0);
    } finally {
      await transport.close();
      for (const server of servers) await server.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
  90_000,
);
