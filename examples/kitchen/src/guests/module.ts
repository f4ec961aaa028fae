import { command, module, processManager, state } from 'carillon';
import { z } from 'zod';
import { DoorsClosed, DoorsOpened, door, published } from './events.js';

/** The most parties that come in a minute of the real clock. */
export const maxPerMinute = 120;

/** Nobody watches for ever: by then the doors close by themselves. */
const openForMinutes = 15;

const rate = state('door', { initial: 0 })
  .on(DoorsOpened, (_, e) => e.perMinute)
  .on(DoorsClosed, () => 0);

export const OpenDoors = command('OpenDoors', {
  description: `Lets simulated guests come for ${openForMinutes} minutes, so many parties in a minute.`,
  data: z.object({ perMinute: z.int().min(1).max(maxPerMinute) }),
  reads: () => ({ rate: rate(door) }),
  decide: ({ data, rate }) => (rate === data.perMinute ? undefined : DoorsOpened(data)),
});

export const CloseDoors = command('CloseDoors', {
  description: 'No more simulated guests come. Those who are there stay until they have eaten.',
  data: z.object({}),
  reads: () => ({ rate: rate(door) }),
  decide: ({ rate }) => (rate === 0 ? undefined : DoorsClosed({})),
});

const closingTime = processManager('closing-time', {
  by: 'door',
  initial: {},
  timers: ['closing'],
  startsAt: 'beginning',
})
  .on(DoorsOpened, (_, __, { setTimer }) => setTimer('closing', { minutes: openForMinutes }))
  .on(DoorsClosed, (_, __, { cancelTimer }) => cancelTimer('closing'))
  .onTimer('closing', (_, { issue }) => issue(CloseDoors({})));

/** Simulated guests: whether they come. Those who come do so from outside: see `house/simulated-evening.ts`. */
export const guests = module('guests', {
  description: 'Whether simulated guests come.',
  publishes: published,
  commands: [OpenDoors, CloseDoors],
  reactions: [closingTime],
});
