import { processManager, reaction } from 'carillon';
import { minutes, type Pace } from '../pace.js';
import { ItemEightySixed } from '../pass/events.js';
import { CourseServed } from '../runners/events.js';
import { CourseFired, GuestsTold, NewOrder, OrderVoided } from './events.js';
import { FireCourse, TellGuests } from './ordering.js';
import type { Item } from './states.js';

/** How long guests sit over a course. */
const minutesOverACourse = 6;

/** What of a ticket is not fired yet. */
interface Service {
  readonly unfired: readonly Item[];
}

const nextCourse = ({ unfired }: Service) =>
  unfired.length === 0 ? undefined : Math.min(...unfired.map(({ course }) => course));
const withoutCourse = ({ unfired }: Service, course: unknown): Service => ({
  unfired: unfired.filter((item) => item.course !== course),
});

/** Fires the first course at once, and each further one when the guests have eaten the one before. */
export function service(pace: Pace) {
  return (
    processManager('service', {
      by: 'ticket',
      initial: { unfired: [] } as Service,
      timers: ['eaten'],
      startsAt: 'beginning',
    })
      .on(NewOrder, (_, { ticketId, items }, { issue }) => {
        issue(FireCourse({ ticketId, course: nextCourse({ unfired: items })! }));
        return { unfired: items };
      })
      .on(CourseFired, (service, { course }, { cancelTimer }) => {
        cancelTimer('eaten');
        return withoutCourse(service, course);
      })
      .on(CourseServed, (service, _, { setTimer, end }) =>
        nextCourse(service) === undefined ? end() : setTimer('eaten', minutes(pace, minutesOverACourse)),
      )
      .on(GuestsTold, ({ unfired }, { items }) => ({
        unfired: unfired.filter(({ itemId }) => items.every((struck) => struck.itemId !== itemId)),
      }))
      .on(OrderVoided, (_, __, { end }) => end())
      .onTimer('eaten', (service, { issue, key }) => {
        const course = nextCourse(service);
        if (course !== undefined) issue(FireCourse({ ticketId: key, course }));
      })
      // Somebody was quicker, or all of the course was struck: then the next one is due.
      .onRejected(FireCourse, (service, { code, details }, { issue, key }) => {
        if (code !== 'NothingToFire') return;
        const rest = withoutCourse(service, details?.['course']);
        const course = nextCourse(rest);
        if (course !== undefined) issue(FireCourse({ ticketId: key, course }));
        return rest;
      })
  );
}

/** "There is no more steak": whoever waits for one hears it. */
export const tellGuests = reaction('tell-guests', {
  on: ItemEightySixed,
  inOrderBy: (e) => e.dish,
  startsAt: 'beginning',
  run: (e, { issue }) => issue(TellGuests({ dish: e.dish })),
});
