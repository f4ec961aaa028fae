import { command, processManager, state } from 'carillon';
import { type Simulation, SimulationError, simulate } from 'carillon/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { coldStationBells } from './cold-station/events.js';
import { CourseFired, GuestsTold, NewOrder, OrderVoided } from './front-of-house/events.js';
import { FireCourse } from './front-of-house/ordering.js';
import { grillBells } from './grill/events.js';
import { RingOrderReady } from './pass/assembling.js';
import { OrderReady } from './pass/events.js';
import { CourseServed } from './runners/events.js';
import { ServeCourse } from './runners/module.js';
import { type Bug, evening } from './simulation.fixture.js';
import { work } from './station/station-bells.js';

const faults = { failure: 0.03, duplicate: 0.05, crash: 0.004 };

it('keeps the rules of the house, whatever fails, crashes and comes twice', async () => {
  const seen = new Set<string>();
  const note = ({ events }: Simulation) => events().forEach(({ type }) => void seen.add(type));
  const scenario = evening();
  const report = await simulate({ ...scenario, finally: { ...scenario.finally, note }, runs: 12, faults });
  expect(report.crashes).toBeGreaterThan(10);
  // Everything happened that can make trouble.
  const troubles = [
    'GuestsTold',
    'OrderVoided',
    'GrillDropped',
    'GrillQueued',
    'ColdQueued',
    'carillon:command-rejected',
  ];
  expect([...seen]).toEqual(expect.arrayContaining(troubles));
});

const course = z.object({ ticketId: z.string(), table: z.string(), course: z.int(), plates: z.int() });
const item = state('item', { initial: { stage: 'new', work: undefined as z.infer<typeof work> | undefined } })
  .on(grillBells.Queued, (_, work) => ({ stage: 'queued', work }))
  .on(grillBells.Started, (_, work) => ({ stage: 'cooking', work }))
  .on(grillBells.Prepared, (item) => ({ ...item, stage: 'done' }))
  .on(grillBells.Dropped, (item) => ({ ...item, stage: 'done' }));

type Orders = readonly { readonly ticketId: string; readonly table: string; readonly items: readonly Item[] }[];
type Item = { readonly itemId: string; readonly dish: string; readonly course: number };
const ordersOf = state('dish', { initial: [] as Orders })
  .on(NewOrder, (orders, e) => [...orders, e])
  .on(OrderVoided, (orders, e) => orders.filter(({ ticketId }) => ticketId !== e.ticketId));

const bugs: Record<string, Bug & { readonly finding: RegExp }> = {
  'the pass rings when the first dish of a course is there': {
    finding: /OrderReady of t\d: something of it is missing/,
    reactions: [
      processManager('assembling', { by: 'ticket', initial: {}, startsAt: 'beginning' })
        .on(grillBells.Prepared, (_, work, { issue }) => issue(RingOrderReady({ ...work, plates: 1 })))
        .on(coldStationBells.Prepared, (_, work, { issue }) => issue(RingOrderReady({ ...work, plates: 1 }))),
    ],
  },
  'the pass does not look whether the order was voided': {
    finding: /OrderReady of t\d: it was voided/,
    commands: [command('RingOrderReady', { data: course, decide: ({ data }) => OrderReady(data) })],
  },
  'a runner serves what was voided on the way': {
    finding: /CourseServed of t\d: it was voided/,
    commands: [command('ServeCourse', { data: course, decide: ({ data }) => CourseServed(data) })],
    reactions: [
      processManager('carrying', {
        by: 'ticket',
        initial: { tray: [] as readonly z.infer<typeof course>[] },
        timers: ['there'],
        startsAt: 'beginning',
      })
        .on(OrderReady, ({ tray }, course, { setTimer }) => {
          setTimer('there', { minutes: 1 });
          return { tray: [...tray, course] };
        })
        .onTimer('there', ({ tray }, { issue }) => {
          for (const course of tray) issue(ServeCourse(course));
          return { tray: [] };
        }),
    ],
  },
  'a runner who is called again forgets what he has on the tray': {
    finding: /t\d waits for ever/,
    reactions: [
      processManager('carrying', {
        by: 'ticket',
        initial: { tray: [] as readonly z.infer<typeof course>[] },
        timers: ['there'],
        startsAt: 'beginning',
      })
        .on(OrderReady, (_, course, { setTimer }) => {
          setTimer('there', { minutes: 1 });
          return { tray: [course] };
        })
        .on(OrderVoided, (_, __, { end }) => end())
        .onTimer('there', ({ tray }, { issue }) => {
          for (const course of tray) issue(ServeCourse(course));
          return { tray: [] };
        }),
    ],
  },
  'the grill takes on more than it has places for': {
    finding: /Grill is at 5 dishes at a time/,
    commands: [
      command('GrillTakeOn', {
        data: work,
        reads: (c) => ({ item: item(c.itemId) }),
        decide: ({ data, item }) => (item.stage === 'new' ? grillBells.Started(data) : undefined),
      }),
    ],
  },
  'nobody gets the place of a dish that is voided': {
    finding: /Grill has a place for t\d-\d, and does not begin/,
    commands: [
      command('GrillDrop', {
        data: z.object({ itemId: z.string() }),
        reads: (c) => ({ item: item(c.itemId) }),
        decide: ({ item: { stage, work } }) =>
          work !== undefined && stage !== 'done' ? grillBells.Dropped(work) : undefined,
      }),
    ],
  },
  'a course of which all was struck holds up those behind it': {
    finding: /t\d waits for ever/,
    reactions: [
      processManager('service', {
        by: 'ticket',
        initial: { courses: [] as readonly number[] },
        timers: ['eaten'],
        startsAt: 'beginning',
      })
        .on(NewOrder, (_, { ticketId, items }, { issue }) => {
          const courses = [...new Set(items.map(({ course }) => course))].sort();
          issue(FireCourse({ ticketId, course: courses[0]! }));
          return { courses };
        })
        .on(CourseFired, ({ courses }, e, { cancelTimer }) => {
          cancelTimer('eaten');
          return { courses: courses.filter((course) => course !== e.course) };
        })
        .on(CourseServed, (_, __, { setTimer }) => setTimer('eaten', { minutes: 6 }))
        .on(OrderVoided, (_, __, { end }) => end())
        .onTimer('eaten', ({ courses }, { issue, key }) => {
          if (courses.length > 0) issue(FireCourse({ ticketId: key, course: courses[0]! }));
        })
        .onRejected(FireCourse, () => undefined),
    ],
  },
  'guests are told that they do not get what is in the pan': {
    finding: /GuestsTold of t\d: what was struck is cooked already/,
    commands: [
      command('TellGuests', {
        data: z.object({ dish: z.string() }),
        reads: (c) => ({ orders: ordersOf(c.dish) }),
        decide: ({ data: { dish }, orders }) =>
          orders.map(({ ticketId, table, items }) =>
            GuestsTold({ ticketId, table, dish, items: items.filter((one) => one.dish === dish) }),
          ),
      }),
    ],
  },
};

describe.each(Object.entries(bugs))('a copy in which %s', (_, { finding, ...bug }) => {
  it('is found out, and the seed shows the same again', async () => {
    const failed = simulate({ ...evening(bug), runs: 200, faults });
    const error = (await failed.catch((thrown: unknown) => thrown)) as SimulationError;
    expect(error).toBeInstanceOf(SimulationError);
    expect(error.message).toMatch(finding);
    await expect(simulate({ ...evening(bug), seed: error.seed, runs: 1, faults })).rejects.toThrow(error.message);
  });
});
