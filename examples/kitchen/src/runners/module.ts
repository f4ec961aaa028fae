import { command, type DataOf, module, processManager, state } from 'carillon';
import { z } from 'zod';
import { fromInside } from '../from-inside.js';
import { OrderVoided } from '../front-of-house/events.js';
import { minutes, type Pace } from '../pace.js';
import { OrderReady } from '../pass/events.js';
import { CourseServed, published } from './events.js';

/** How long the way to a table takes. */
const minutesToATable = 1;

const ticket = state('ticket', { initial: { isVoided: false, served: [] as readonly number[] } })
  .on(CourseServed, (ticket, e) => ({ ...ticket, served: [...ticket.served, e.course] }))
  .on(OrderVoided, (ticket) => ({ ...ticket, isVoided: true }));

export const ServeCourse = command('ServeCourse', {
  description: 'Puts a course on its table; one that was voided on the way goes back.',
  data: z.object({ ticketId: z.string(), table: z.string(), course: z.int(), plates: z.int() }),
  reads: (c) => ({ ticket: ticket(c.ticketId) }),
  authorize: fromInside,
  decide: ({ data, ticket }) =>
    ticket.isVoided || ticket.served.includes(data.course) ? undefined : CourseServed(data),
});

const carrying = (pace: Pace) =>
  processManager('carrying', {
    by: 'ticket',
    /** The courses that are on their way. */
    initial: { tray: [] as readonly DataOf<typeof OrderReady>[] },
    timers: ['there'],
    startsAt: 'beginning',
  })
    .on(OrderReady, ({ tray }, course, { setTimer }) => {
      setTimer('there', minutes(pace, minutesToATable));
      return { tray: [...tray, course] };
    })
    .on(OrderVoided, (_, __, { end }) => end())
    .onTimer('there', ({ tray }, { issue }) => {
      for (const course of tray) issue(ServeCourse(course));
      return { tray: [] };
    });

/** Runners listen for one bell, and for the one that says it was in vain. */
export const runners = (pace: Pace) =>
  module('runners', {
    description: 'Carries what is ready to its table.',
    publishes: published,
    consumes: [OrderReady, OrderVoided],
    commands: [ServeCourse],
    reactions: [carrying(pace)],
  });
