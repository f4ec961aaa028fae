// What a real nats-server does not permit, does not have, or gives to another: whoever runs a service is told.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requires } from '../../../scripts/requires.js';
import { freePorts, NatsServer } from '../test-support/nats-server.js';
import { natsTransport } from './nats-transport.js';

const program = requires('nats-server');
const publisher = { system: 'tower', module: 'bells' };
const rung = (id: string) => ({ id, type: 'Rung', body: id });
const nothing = async () => undefined;

let folder: string;
let ends: (() => Promise<void>)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-nats-refused-'));
  ends = [];
});

afterEach(async () => {
  for (const end of ends) await end();
  await rm(folder, { recursive: true, force: true });
});

async function newServer(permissions?: string): Promise<NatsServer> {
  const [port = 0] = await freePorts(1);
  const user = permissions === undefined ? undefined : { user: 'ann', pass: 'x', permissions };
  const server = new NatsServer(program.path ?? '', join(folder, 'nats'), port, undefined, user);
  ends.push(() => server.kill());
  return server;
}

function transportTo({ url }: NatsServer) {
  const transport = natsTransport({ servers: url, connection: { user: 'ann', pass: 'x' } });
  ends.unshift(() => transport.close());
  return transport;
}

async function managerOf({ url }: NatsServer) {
  const connection = await connect({ servers: url, user: 'ann', pass: 'x' });
  ends.unshift(() => connection.close());
  return jetstreamManager(connection);
}

const subscribed = 'subscribe: ["_INBOX.>", "_CARILLON.replay.>"]';
const published = '"tower.bells.>", "$JS.API.>", "_INBOX.>", "_CARILLON.replay.>"';

describe.skipIf(program === undefined)('a transport', () => {
  test('says where to look when it is not let in, or there is no such server', async () => {
    const server = await newServer('publish: [">"]');
    await server.start();
    const open = (servers: string) => {
      const transport = natsTransport({ servers });
      ends.unshift(() => transport.close());
      return transport.kept(publisher);
    };
    await expect(open(server.url.replace('//', '//ann:wrong@'))).rejects.toThrow(/Look at user and password/);
    await expect(open('nats://nowhere.invalid:4222')).rejects.toThrow(/Look at the name of the host/);
  });

  test('needs no more permissions than the documentation says', async () => {
    const server = await newServer(`publish: [${published}, "$JS.ACK.>"], ${subscribed}`);
    await server.start();
    const transport = transportTo(server);
    await transport.kept(publisher);
    await transport.publish(publisher, [rung('1'), rung('2')]);
    const heard: string[] = [];
    await transport.subscribe(publisher, 'keeper', async (bodies) => void heard.push(...bodies));
    await expect.poll(() => heard).toEqual(['1', '2']);
    const manager = await managerOf(server);
    const floor = async () => (await manager.consumers.info('tower-bells', 'keeper')).ack_floor.stream_seq;
    await expect.poll(floor, { timeout: 5_000 }).toBe(2);
    await transport.answer(publisher, async (request) => `re: ${request}`);
    expect(await transport.ask(publisher, 'one')).toBe('re: one');
  });

  test('ends a subscription of which nothing may be acknowledged: it would soon get nothing more', async () => {
    const server = await newServer(`publish: [${published}], ${subscribed}`);
    await server.start();
    const transport = transportTo(server);
    await transport.kept(publisher);
    await transport.publish(publisher, [rung('1')]);
    const { ended } = await transport.subscribe(publisher, 'keeper', nothing);
    await expect(ended).rejects.toThrow(/could not be acknowledged: Permissions Violation .*\$JS\.ACK\./);
  });

  test('offers no answers that nobody can ask for', async () => {
    const server = await newServer(`publish: [${published}], subscribe: ["_INBOX.>"]`);
    await server.start();
    const offered = transportTo(server).answer(publisher, async (request) => request);
    await expect(offered).rejects.toThrow(/Answers could not be offered: Permissions Violation .*_CARILLON\.replay/);
  });

  test('says that another listens under the same name', async () => {
    const server = await newServer();
    await server.start();
    const [one, other] = [transportTo(server), transportTo(server)];
    await one.kept(publisher);
    const first = await one.subscribe(publisher, 'keeper', nothing);
    await other.subscribe(publisher, 'keeper', nothing);
    await expect(first.ended).rejects.toMatchObject({
      code: 'nats-consumer-taken',
      message: expect.stringContaining('two services run under the name keeper'),
    });
  });

  test('says that no stream takes what is published, and that a server has no JetStream', async () => {
    const server = await newServer();
    await server.start();
    const transport = transportTo(server);
    await (await managerOf(server)).streams.add({ name: 'tower-bells', subjects: ['other.>'] });
    await transport.kept(publisher);
    await expect(transport.publish(publisher, [rung('1')])).rejects.toThrow(
      'no stream takes them now. If that lasts: was tower-bells deleted, or given other subjects?',
    );
    const without = await newServer();
    without.hasJetStream = false;
    await without.start();
    await expect(transportTo(without).kept(publisher)).rejects.toThrow('it has no JetStream. Start it with -js');
  });
});
