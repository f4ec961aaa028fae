// Two versions of a publisher side by side: the new one publishes a type that the old one does not know.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '../log/log.js';
import { memoryLog } from '../log/memory-log.js';
import { Answers } from './answers.js';
import { Inbox } from './inbox.js';
import { LossyBroker } from './lossy-transport.fixture.js';
import { Relay } from './relay.js';
import { PublisherAwayError } from './relay-errors.js';
import { happenedIn } from './services.fixture.js';
import type { Transport } from './transport.js';

const publisher = { system: 'system', module: 'desk' };
const oldTypes = ['Placed'];
const newTypes = ['Placed', 'Cancelled'];

let desk: Log;
let store: Log;
let transport: Transport;
let failures: unknown[];
const open = new Set<{ close(): Promise<void> }>();

beforeEach(() => {
  desk = memoryLog();
  store = memoryLog();
  transport = new LossyBroker(() => 0.5).transport;
  failures = [];
});

afterEach(async () => {
  for (const one of open) await close(one);
});

function begin<Part extends { start(): void; close(): Promise<void> }>(part: Part): Part {
  part.start();
  open.add(part);
  return part;
}

async function close(...parts: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const part of parts) {
    open.delete(part);
    await part.close();
  }
}

/** That nobody answers for a moment, between two versions, is no failure. */
const onFailure = (error: unknown) => {
  if (!(error instanceof PublisherAwayError)) failures.push(error);
};
const relaying = (types: readonly string[]) => begin(new Relay({ log: desk, publisher, types, transport, onFailure }));
const answering = (types: readonly string[]) =>
  begin(new Answers({ log: desk, publisher, types, transport, onFailure }));
const listening = (askMs: number) =>
  begin(new Inbox({ log: store, publisher, subscriber: 'store', types: newTypes, transport, onFailure, askMs: askMs }));

async function happens(...all: readonly string[]): Promise<void> {
  for (const one of all) {
    const [type = '', orderId = ''] = one.split(' ');
    await desk.append([{ type, version: 1, data: { orderId }, tags: [`order:${orderId}`] }]);
  }
}

const comesIn = (...types: readonly string[]) => expect.poll(() => happenedIn(store, ...types));

test('what an old relay passes over comes in once a new one sends, and nothing twice', async () => {
  const oldOnes = [relaying(oldTypes), answering(oldTypes)];
  // It asks once, when it starts: what comes after that, the messages must show.
  let inbox = listening(3_600_000);
  await happens('Placed o1', 'Cancelled o1', 'Placed o2');
  await comesIn().toEqual(['Placed o1', 'Placed o2']);
  // What it misses it still knows after a start.
  await close(inbox);
  inbox = listening(3_600_000);
  await happens('Cancelled o2', 'Placed o3');
  await comesIn().toEqual(['Placed o1', 'Placed o2', 'Placed o3']);
  await close(...oldOnes);

  const newOnes = [relaying(newTypes), answering(newTypes)];
  await happens('Cancelled o3');
  await comesIn('Cancelled').toEqual(['Cancelled o1', 'Cancelled o2', 'Cancelled o3']);
  await close(...newOnes);

  // And back again.
  const oldAgain = [relaying(oldTypes), answering(oldTypes)];
  await happens('Cancelled o4', 'Placed o4');
  await comesIn('Placed').toEqual(['Placed o1', 'Placed o2', 'Placed o3', 'Placed o4']);
  await close(...oldAgain);
  relaying(newTypes);
  answering(newTypes);
  await happens('Placed o5');
  await comesIn('Cancelled').toEqual(['Cancelled o1', 'Cancelled o2', 'Cancelled o3', 'Cancelled o4']);
  await comesIn('Placed').toEqual(['Placed o1', 'Placed o2', 'Placed o3', 'Placed o4', 'Placed o5']);
  expect(failures).toEqual([]);
});

test('what an old version leaves out of an answer comes in once a new one answers', async () => {
  await happens('Placed o1', 'Cancelled o1', 'Placed o2');
  const old = answering(oldTypes);
  listening(10);
  await comesIn().toEqual(['Placed o1', 'Placed o2']);
  await happens('Cancelled o2', 'Placed o3');
  await comesIn().toEqual(['Placed o1', 'Placed o2', 'Placed o3']);
  await close(old);
  answering(newTypes);
  await comesIn('Cancelled').toEqual(['Cancelled o1', 'Cancelled o2']);
  relaying(newTypes);
  await happens('Cancelled o3');
  await comesIn('Cancelled').toEqual(['Cancelled o1', 'Cancelled o2', 'Cancelled o3']);
  await comesIn('Placed').toEqual(['Placed o1', 'Placed o2', 'Placed o3']);
  expect(failures).toEqual([]);
});

test('an answer that does not say what it covers covers what was asked for', async () => {
  await happens('Placed o1', 'Cancelled o1');
  const answers = answering(newTypes);
  const said: string[] = [];
  const { ask } = transport;
  transport.ask = async (...args) => {
    const { types: _, ...answer } = JSON.parse(await ask(...args));
    said.push(JSON.stringify(answer));
    return JSON.stringify(answer);
  };
  const inbox = listening(10);
  await comesIn().toEqual(['Placed o1', 'Cancelled o1']);
  await expect.poll(() => inbox.position).toBe(2);
  const [recorded] = await store.read({ items: [{ types: ['carillon:inbox-advanced'] }] }, { backwards: true });
  expect(recorded?.data).toMatchObject({ behind: {} });
  expect(said.length).toBeGreaterThan(0);
  await close(answers);
});
