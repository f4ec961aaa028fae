import { command, module, processManager } from 'carillon';
import { z } from 'zod';
import { fromInside } from '../from-inside.js';
import { TableCleared } from '../front-of-house/events.js';
import { minutes, type Pace } from '../pace.js';
import { DishesWashed, published } from './events.js';

/** How long the dish washer takes. */
const minutesInTheWasher = 3;

export const StackPlates = command('StackPlates', {
  description: 'Puts clean plates back on the shelf.',
  data: z.object({ table: z.string(), plates: z.int().min(1) }),
  authorize: fromInside,
  decide: ({ data }) => DishesWashed(data),
});

const washing = (pace: Pace) =>
  processManager('washing', { by: 'table', initial: { plates: 0 }, timers: ['clean'], startsAt: 'beginning' })
    .on(TableCleared, ({ plates: before }, { plates }, { setTimer }) => {
      if (plates > 0) setTimer('clean', minutes(pace, minutesInTheWasher));
      return { plates: before + plates };
    })
    .onTimer('clean', ({ plates }, { issue, key }) => {
      issue(StackPlates({ table: key, plates }));
      return { plates: 0 };
    });

/** Dish washing listens for one bell: table cleared. */
export const dishWashing = (pace: Pace) =>
  module('dish-washing', {
    description: 'Washes what comes back.',
    publishes: published,
    consumes: [TableCleared],
    commands: [StackPlates],
    reactions: [washing(pace)],
  });
