import { command, processManager, state } from 'carillon';
import { z } from 'zod';
import { coldStationBells } from '../cold-station/events.js';
import { fromInside } from '../from-inside.js';
import { CourseFired, OrderVoided } from '../front-of-house/events.js';
import { grillBells } from '../grill/events.js';
import type { Work } from '../station/station-bells.js';
import { OrderReady } from './events.js';

const ticket = state('ticket', { initial: { isVoided: false, rung: [] as readonly number[] } })
  .on(OrderReady, (ticket, e) => ({ ...ticket, rung: [...ticket.rung, e.course] }))
  .on(OrderVoided, (ticket) => ({ ...ticket, isVoided: true }));

export const RingOrderReady = command('RingOrderReady', {
  description: 'Everything of a course is there: a runner may take it.',
  data: z.object({ ticketId: z.string(), table: z.string(), course: z.int(), plates: z.int() }),
  reads: (c) => ({ ticket: ticket(c.ticketId) }),
  authorize: fromInside,
  decide: ({ data, ticket }) => (ticket.isVoided || ticket.rung.includes(data.course) ? undefined : OrderReady(data)),
});

/** What of a ticket is in work, by course. */
type Courses = Readonly<Record<number, Course>>;
interface Course {
  readonly plates: number;
  /** Items that are not there yet. */
  readonly missing: readonly string[];
}

/** A dish has come from a station: when it was the last of its course, the bell is rung. */
function arrived(courses: Courses, { course, ticketId, table, itemId }: Work, ring: Ring): Courses {
  const known = courses[course];
  if (known === undefined || !known.missing.includes(itemId)) return courses;
  const missing = known.missing.filter((one) => one !== itemId);
  if (missing.length === 0) ring(RingOrderReady({ ticketId, table, course, plates: known.plates }));
  return { ...courses, [course]: { ...known, missing } };
}
type Ring = (request: ReturnType<typeof RingOrderReady>) => void;

/** Gathers what the stations send until a course is complete. It neither knows nor asks who makes what. */
export const assembling = processManager('assembling', { by: 'ticket', initial: {} as Courses, startsAt: 'beginning' })
  .on(CourseFired, (courses, { course, items }) => ({
    ...courses,
    [course]: { plates: items.length, missing: items.map(({ itemId }) => itemId) },
  }))
  .on(grillBells.Prepared, (courses, work, { issue }) => arrived(courses, work, issue))
  .on(coldStationBells.Prepared, (courses, work, { issue }) => arrived(courses, work, issue))
  .on(OrderVoided, (_, __, { end }) => end());
