import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requires } from '../../../scripts/requires.js';
import { freePorts, NatsServer } from '../test-support/nats-server.js';
import { natsTransport } from './nats-transport.js';
import { readServers } from './servers.js';

const program = requires('nats-server');

test.each([
  [['nats://a:4222'], ['nats://a:4222'], {}],
  [['a:4222', 'b'], ['a:4222', 'b'], {}],
  [['nats://ann:s3cret@a:4222', 'nats://b'], ['nats://a:4222', 'nats://b'], { user: 'ann', pass: 's3cret' }],
  [['tls://t0ken@a'], ['tls://a'], { token: 't0ken' }],
  [['nats://ann:p%40ss@w:rd@a'], ['nats://a'], { user: 'ann', pass: 'p@ss@w:rd' }],
  [['nats://ann:100%@a'], ['nats://a'], { user: 'ann', pass: '100%' }],
  [['nats://ann:s3/cr,et@a'], ['nats://a'], { user: 'ann', pass: 's3/cr,et' }],
  [['ann:s3cret@a:4222'], ['a:4222'], { user: 'ann', pass: 's3cret' }],
  [[' nats+tls://ann:s3cret@a'], ['nats+tls://a'], { user: 'ann', pass: 's3cret' }],
  [['nats://ann:s3cret@a, nats://ann:s3cret@b,c'], ['nats://a', 'nats://b', 'c'], { user: 'ann', pass: 's3cret' }],
])('%j', (urls, servers, credentials) => {
  expect(readServers(urls)).toEqual({ servers, credentials });
});

test.skipIf(program === undefined)(
  'a server lets in whom the URL names, and messages do not show the password',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-nats-user-'));
    const [port] = await freePorts(1);
    const user = { user: 'carillon', pass: 'p@ss/word' };
    const server = new NatsServer(program.path, join(folder, 'nats'), port!, undefined, user);
    const named = natsTransport({ servers: `nats://carillon:${encodeURIComponent(user.pass)}@127.0.0.1:${port}` });
    const unnamed = natsTransport({ servers: server.url });
    const publisher = { system: 'tower', module: 'bells' };
    try {
      await server.start();
      expect(await named.kept(publisher)).toEqual({ last: undefined, hasForgotten: false });
      expect(named.name).toBe(`NATS nats://127.0.0.1:${port}`);
      await expect(unnamed.kept(publisher)).rejects.toThrow(/Authorization/i);
    } finally {
      await Promise.all([named.close(), unnamed.close()]);
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
