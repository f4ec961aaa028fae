import { command, module, processManager, state } from 'carillon';
import { z } from 'zod';
import { fromInside } from '../from-inside.js';
import { CourseFired, OrderVoided } from '../front-of-house/events.js';
import { dishOf, type StationName } from '../menu.js';
import { minutes, type Pace } from '../pace.js';
import { type stationBells, type Work, work } from './station-bells.js';

/** What a station is made of. */
export interface StationOptions<Label extends string> {
  readonly name: StationName;
  /** Begins the names of its commands, as of its bells. */
  readonly label: Label;
  readonly bells: ReturnType<typeof stationBells<Label>>;
  /** How many dishes it can make at a time. */
  readonly places: number;
  readonly pace: Pace;
}

/**
 * A station of the kitchen: it makes what is its own of the courses that are fired, so many dishes at a time, and rings when one is done.
 * It knows neither who fires nor who takes the dish away.
 */
export function station<const Label extends string>({ name, label, bells, places, pace }: StationOptions<Label>) {
  const { Queued, Started, Prepared, Dropped } = bells;

  const dish = state('item', { initial: { stage: 'new' } as InWork })
    .on(Queued, (_, work) => ({ stage: 'queued', work }))
    .on(Started, (_, work) => ({ stage: 'cooking', work }))
    .on(Prepared, () => ({ stage: 'done' }))
    .on(Dropped, () => ({ stage: 'done' }));

  const line = state('station', { initial: { cooking: [], queue: [] } as Line })
    .on(Queued, (line, work) => ({ ...line, queue: [...line.queue, work] }))
    .on(Started, (line, work) => ({ cooking: [...line.cooking, work], queue: without(line.queue, work) }))
    .on(Prepared, (line, work) => ({ ...line, cooking: without(line.cooking, work) }))
    .on(Dropped, (line, work) => ({ cooking: without(line.cooking, work), queue: without(line.queue, work) }));

  /** Whoever has waited longest gets the place that is free. */
  const next = (line: Line) => line.queue.slice(0, 1).map((work) => Started(work));

  const TakeOn = command(`${label}TakeOn`, {
    description: 'Takes a dish on: it is begun, or waits for a place.',
    data: work,
    reads: (c) => ({ dish: dish(c.itemId), line: line(name) }),
    authorize: fromInside,
    decide: ({ data, dish, line }) => {
      if (dish.stage !== 'new') return;
      return line.cooking.length < places ? Started(data) : Queued(data);
    },
  });
  const Finish = command(`${label}Finish`, {
    description: 'A dish is done.',
    data: z.object({ itemId: z.string() }),
    reads: (c) => ({ dish: dish(c.itemId), line: line(name) }),
    authorize: fromInside,
    decide: ({ dish, line }) => (dish.stage === 'cooking' ? [Prepared(dish.work), ...next(line)] : undefined),
  });
  const Drop = command(`${label}Drop`, {
    description: 'Stops with a dish that nobody wants any more.',
    data: z.object({ itemId: z.string() }),
    reads: (c) => ({ dish: dish(c.itemId), line: line(name) }),
    authorize: fromInside,
    decide: ({ dish, line }) => {
      if (dish.stage === 'queued') return Dropped(dish.work);
      return dish.stage === 'cooking' ? [Dropped(dish.work), ...next(line)] : undefined;
    },
  });

  const cooking = processManager(`${name}-cooking`, {
    by: 'item',
    initial: { isOurs: false },
    timers: ['done'],
    startsAt: 'beginning',
  })
    .on(CourseFired, (_, { ticketId, table, course, items }, { key: itemId, issue }) => {
      const ordered = items.find((item) => item.itemId === itemId);
      if (ordered === undefined || dishOf(ordered.dish)?.station !== name) return;
      issue(TakeOn({ itemId, ticketId, table, course, dish: ordered.dish }));
      return { isOurs: true };
    })
    .on(Started, (_, { dish }, { setTimer }) => setTimer('done', minutes(pace, dishOf(dish)?.minutes ?? 1)))
    .on(OrderVoided, ({ isOurs }, _, { key, issue, end }) => {
      if (isOurs) issue(Drop({ itemId: key }));
      end();
    })
    .onTimer('done', (_, { key, issue, end }) => {
      issue(Finish({ itemId: key }));
      end();
    });

  return module(name, {
    description: `Makes what is made at the ${name === 'grill' ? 'grill' : 'cold station'}, ${places} dishes at a time.`,
    publishes: [Started, Prepared, Dropped],
    events: [Queued],
    consumes: [CourseFired, OrderVoided],
    commands: [TakeOn, Finish, Drop],
    reactions: [cooking],
  });
}

/** How far a dish has got. */
type InWork = { readonly stage: 'new' | 'done' } | { readonly stage: 'queued' | 'cooking'; readonly work: Work };

/** What a station is at, and what waits for a place, the longest first. */
interface Line {
  readonly cooking: readonly Work[];
  readonly queue: readonly Work[];
}

function without(list: readonly Work[], { itemId }: Work): readonly Work[] {
  return list.filter((work) => work.itemId !== itemId);
}
