import { Text } from '@mantine/core';
import { dishName } from '../../src/menu.js';
import { Age } from '../clock/age.js';
import { type Course, coursesOf, inWords, type Ticket } from '../floor/courses.js';
import classes from './ticket-lines.module.css';

/** Where a course is, in a word. */
const places: Readonly<Record<Course['status'], string>> = {
  ordered: 'later',
  queued: 'fired',
  cooking: 'cooking',
  pass: 'at pass',
  ready: 'coming',
  served: 'served',
  voided: 'voided',
  struck: 'struck',
};

/** A ticket at its table: a line for each course, and what of it cannot be had. */
export function TicketLines({ ticket }: { ticket: Ticket }) {
  const { status, items } = ticket;
  if (status === 'voided') {
    return (
      <Text size="xs" c="dimmed">
        An order was voided.
      </Text>
    );
  }
  const courses = coursesOf(ticket);
  const struck = [...new Set(items.filter((item) => item.status === 'struck').map(({ dish }) => dish))];
  return (
    <>
      <ul className={classes.courses}>
        {courses.map((course) => (
          <li key={course.course} className={classes.course} data-status={course.status}>
            <span>{inWords(course)}</span>
            {course.status === 'ordered' || course.status === 'served' ? (
              <span className={classes.place}>{places[course.status]}</span>
            ) : (
              <span className={classes.waiting}>
                <span className={classes.place}>{places[course.status]}</span> <Age since={course.since} isTight />
              </span>
            )}
          </li>
        ))}
      </ul>
      {struck.map((dish) => (
        <Text key={dish} size="xs" className={classes.struck}>
          sold out: {dishName(dish)}
        </Text>
      ))}
    </>
  );
}
