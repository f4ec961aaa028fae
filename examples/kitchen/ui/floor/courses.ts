import { courseNames } from '../../src/menu.js';
import type { ResultOf } from '../live/kitchen.js';

export type FloorNow = ResultOf<'Floor'>;
export type Table = FloorNow['tables'][number];
export type Ticket = Table['tickets'][number];
export type Item = Ticket['items'][number];

/** The items of one course of a ticket that are wanted still. */
export interface Course {
  readonly ticketId: string;
  readonly table: string;
  readonly course: number;
  readonly items: readonly Item[];
  /** Where the slowest of them is. */
  readonly status: Item['status'];
  /** When it was fired; the time of the order before that. */
  readonly since: string;
}

/** From the order to the table. */
const way: readonly Item['status'][] = ['ordered', 'queued', 'cooking', 'pass', 'ready', 'served'];

const isWanted = ({ status }: Item) => status !== 'struck' && status !== 'voided';

/** The courses of a ticket in their order, without what was struck or voided. */
export function coursesOf({ ticketId, table, orderedAt, items }: Ticket): readonly Course[] {
  const numbers = [...new Set(items.filter(isWanted).map(({ course }) => course))].sort();
  return numbers.map((course) => {
    const wanted = items.filter((item) => item.course === course && isWanted(item));
    const status = way[Math.min(...wanted.map((item) => way.indexOf(item.status)))] ?? 'ordered';
    return { ticketId, table, course, items: wanted, status, since: wanted[0]?.firedAt ?? orderedAt };
  });
}

/** How many dishes a course has: `1 starter`, `3 mains`. */
export function inWords({ course, items }: Pick<Course, 'course' | 'items'>): string {
  const name = courseNames[course] ?? 'dishes';
  return `${items.length} ${items.length === 1 ? name.replace(/s$/, '') : name}`;
}

const allCourses = (floor: FloorNow) => floor.tables.flatMap(({ tickets }) => tickets).flatMap(coursesOf);
const byAge = (one: { readonly since: string }, other: { readonly since: string }) =>
  one.since < other.since ? -1 : one.since > other.since ? 1 : 0;

/** What a station has to do, the longest waiting first: what cooks before what waits for a place. */
export function workOf(floor: FloorNow, station: string): readonly Item[] {
  const items = floor.tables.flatMap(({ tickets }) => tickets).flatMap((ticket) => ticket.items);
  const ours = items.filter((item) => item.station === station).sort((one, other) => byAge(firing(one), firing(other)));
  return [...ours.filter(({ status }) => status === 'cooking'), ...ours.filter(({ status }) => status === 'queued')];
}

function firing({ firedAt, since }: Item) {
  return { since: firedAt ?? since };
}

/** The courses of which something stands at the pass and something is missing. */
export function coursesAtThePass(floor: FloorNow): readonly Course[] {
  return allCourses(floor)
    .filter(({ items }) => items.some(({ status }) => status === 'pass'))
    .sort(byAge);
}

/** The courses that runners carry. */
export function coursesUnderWay(floor: FloorNow): readonly Course[] {
  return allCourses(floor)
    .filter(({ status }) => status === 'ready')
    .sort(byAge);
}
