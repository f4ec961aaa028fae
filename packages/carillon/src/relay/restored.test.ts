// A publisher whose log was restored from a backup: what was sent of the one that is lost stands at positions that it uses again.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { RunningApplication } from '../runtime/index.js';
import { brokerWith, holds, ids, place, useServices } from './connected.fixture.js';
import type { LossyBroker } from './lossy-transport.fixture.js';
import { deskService, happenedIn, storeService } from './services.fixture.js';

const services = useServices();
const publisher = { system: 'system', module: 'desk' };
const placed = (orderIds: readonly string[]) => orderIds.map((id) => `Placed ${id}`);

let broker: LossyBroker;
let folder: string;
let store: RunningApplication;

beforeEach(async () => {
  broker = brokerWith();
  folder = await services.newFolder();
  const first = await services.run(deskService, broker, { folder: join(folder, 'desk') });
  store = await services.run(storeService, broker, { folder: join(folder, 'store') });
  await place(first, ...ids(3));
  await holds(first, ['Confirmed'], ['Confirmed o1', 'Confirmed o2', 'Confirmed o3']);
  await services.stop(first);
  await cp(join(folder, 'desk'), join(folder, 'backup'), { recursive: true });
  const later = await services.run(deskService, broker, { folder: join(folder, 'desk') });
  await place(later, 'lost1', 'lost2');
  await holds(store, ['Placed'], placed([...ids(3), 'lost1', 'lost2']));
  await services.stop(later);
});

/** What relays and inboxes say, of this module. */
function said(direction: 'relay' | 'inbox'): string {
  const own = services.failures.filter((one) => one.direction === direction && one.module === 'desk');
  return own.map(({ error }) => String(error)).join('\n');
}

test('sends nothing, and is asked for nothing, when it has more than was sent, either: its events are others', async () => {
  const desk = await services.run(deskService, broker, { folder: join(folder, 'backup') });
  await place(desk, ...ids(20, 11));
  await expect.poll(() => said('inbox')).toMatch(/restored from an older backup/);
  await expect.poll(() => said('relay')).toMatch(/restored from an older backup/);
  expect((await broker.transport.kept(publisher)).last).toContain('lost2');
  expect(await happenedIn(store.log, 'Placed')).toEqual(placed([...ids(3), 'lost1', 'lost2']));
});

test('is noticed by those who listen when the stream was made anew, and nobody can be asked', async () => {
  await services.stop(store);
  broker.wipe();
  const desk = await services.run(deskService, broker, { folder: join(folder, 'backup') });
  await place(desk, ...ids(20, 11));
  await expect.poll(async () => (await broker.transport.kept(publisher)).last).toContain('o30');
  await services.stop(desk);
  store = await services.run(storeService, broker, { folder: join(folder, 'store') });
  await expect.poll(() => said('inbox')).toMatch(/restored from an older backup/);
  expect(await happenedIn(store.log, 'Placed')).toEqual(placed([...ids(3), 'lost1', 'lost2']));
});

test('goes on when the stream is made anew and those who listen have not got what is lost', async () => {
  await services.stop(store);
  broker.wipe();
  const desk = await services.run(deskService, broker, { folder: join(folder, 'backup') });
  store = await services.run(storeService, broker);
  await place(desk, ...ids(2, 11));
  await holds(store, ['Placed'], placed([...ids(3), ...ids(2, 11)]));
});
