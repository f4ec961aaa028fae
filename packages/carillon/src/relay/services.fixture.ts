import { z } from 'zod';
import { application, command, event, hosting, module, reaction, state } from '../index.js';
import type { Log } from '../log/log.js';
import { allEvents } from '../log/log-query.js';
import { readAll } from '../log/read-all.js';

const Order = z.object({ orderId: z.string() });
const byOrder = (e: { readonly orderId: string }) => ({ order: e.orderId });

/** A system of two modules for the tests of relays and inboxes: a desk takes orders, and a store sets goods aside for them. */
export const Placed = event('Placed', { data: Order, tags: byOrder });
export const Withdrawn = event('Withdrawn', { data: Order, tags: byOrder });
export const Scribbled = event('Scribbled', { data: z.object({ text: z.string() }) });
export const Reserved = event('Reserved', { data: Order, tags: byOrder });
const Confirmed = event('Confirmed', { data: Order, tags: byOrder });

const wasPlaced = state('order', { initial: false }).on(Placed, () => true);
export const Place = command('Place', {
  data: Order,
  decide: ({ data }) => [Placed(data), Scribbled({ text: data.orderId })],
});
export const Withdraw = command('Withdraw', { data: Order, decide: ({ data }) => Withdrawn(data) });
const Confirm = command('Confirm', { data: Order, decide: ({ data }) => Confirmed(data) });
/** Folds events of the other module: their tags came with them. */
const Reserve = command('Reserve', {
  data: Order,
  reads: (c) => ({ isPlaced: wasPlaced(c.orderId) }),
  rejections: { Unknown: 'No such order' },
  decide: ({ data, isPlaced, reject }) => (isPlaced ? Reserved(data) : reject('Unknown')),
});

const desk = module('desk', {
  publishes: [Placed, Withdrawn],
  events: [Scribbled, Confirmed],
  consumes: [Reserved],
  commands: [Place, Withdraw, Confirm],
  reactions: [
    reaction('confirm', {
      on: Reserved,
      inOrderBy: (e) => e.orderId,
      startsAt: 'beginning',
      run: (e, { issue }) => issue(Confirm(e)),
    }),
  ],
});
const reserve = reaction('reserve', {
  on: Placed,
  inOrderBy: (e) => e.orderId,
  startsAt: 'beginning',
  run: (e, { issue }) => issue(Reserve(e)),
});
const store = module('store', {
  publishes: [Reserved],
  consumes: [Placed],
  commands: [Reserve],
  reactions: [reserve],
});
const laterStore = module('store', {
  publishes: [Reserved],
  consumes: [Placed, Withdrawn],
  commands: [Reserve],
  reactions: [reserve],
});

export const wholeSystem = application('system', { modules: [desk, store] });
export const deskService = hosting(wholeSystem, ['desk']);
export const storeService = hosting(wholeSystem, ['store']);
/** The store of a later version, which consumes one event more. */
export const laterStoreService = hosting(application('system', { modules: [desk, laterStore] }), ['store']);

/** The types and orders of events in a log, in its order; without what Carillon records about itself. */
export async function happenedIn(log: Pick<Log, 'read'>, ...types: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { type, data } of readAll(log, allEvents)) {
    if (type.startsWith('carillon:') || (types.length > 0 && !types.includes(type))) continue;
    found.push(`${type} ${(data as { readonly orderId: string }).orderId}`);
  }
  return found;
}
