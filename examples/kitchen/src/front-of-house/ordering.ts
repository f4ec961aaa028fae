import { command } from 'carillon';
import { z } from 'zod';
import { fromInside } from '../from-inside.js';
import { dishOf } from '../menu.js';
import { CourseFired, GuestsTold, NewOrder, OrderVoided } from './events.js';
import { eightySixed, holders, table, ticket } from './states.js';

const ticketId = z.string().min(1).max(100);

export const TakeOrder = command('TakeOrder', {
  description: 'Takes down what a table wants. The first course is fired by itself.',
  data: z.object({
    ticketId,
    table: z.string(),
    items: z
      .array(z.object({ dish: z.string(), course: z.int().min(1).max(3) }))
      .min(1, 'Order something')
      .max(24, 'A table orders at most 24 dishes at a time'),
  }),
  reads: (c) => ({ ticket: ticket(c.ticketId), table: table(c.table), off: eightySixed() }),
  rejections: {
    TicketTaken: 'The ticket was used before',
    NotSeated: 'Nobody sits at that table',
    NotOnTheMenu: 'The kitchen does not make that',
    EightySixed: 'There is no more of that',
  },
  decide: ({ data, ticket, table, off, reject }) => {
    if (ticket.status !== 'unknown') return reject('TicketTaken');
    if (!table.isSeated) return reject('NotSeated');
    for (const { dish } of data.items) {
      if (dishOf(dish) === undefined) return reject('NotOnTheMenu', { dish });
      if (off.includes(dish)) return reject('EightySixed', { dish });
    }
    return NewOrder({
      ...data,
      items: data.items.map((item, n) => ({ ...item, itemId: `${data.ticketId}-${n + 1}` })),
    });
  },
});

export const FireCourse = command('FireCourse', {
  description: 'Has the kitchen begin with a course.',
  data: z.object({ ticketId, course: z.int() }),
  reads: (c) => ({ ticket: ticket(c.ticketId) }),
  rejections: {
    UnknownTicket: 'There is no such ticket',
    Voided: 'The order was voided',
    FiredAlready: 'The kitchen is at it already',
    NothingToFire: 'There is nothing on the ticket for that course',
  },
  decide: ({ data: { ticketId, course }, ticket, reject }) => {
    if (ticket.status === 'unknown') return reject('UnknownTicket');
    if (ticket.status === 'voided') return reject('Voided');
    if (ticket.fired.includes(course)) return reject('FiredAlready', { course });
    const items = ticket.items.filter((item) => item.course === course);
    if (items.length === 0) return reject('NothingToFire', { course });
    return CourseFired({ ticketId, table: ticket.table, course, items });
  },
});

export const VoidOrder = command('VoidOrder', {
  description: 'Calls off what of an order was not served. What is in work is stopped.',
  data: z.object({ ticketId, reason: z.string().min(1, 'Say why').max(200, 'Use at most 200 characters') }),
  reads: (c) => ({ ticket: ticket(c.ticketId) }),
  rejections: {
    UnknownTicket: 'There is no such ticket',
    Voided: 'The order was voided already',
    Served: 'Everything was served',
  },
  decide: ({ data: { ticketId, reason }, ticket, reject }) => {
    if (ticket.status === 'unknown') return reject('UnknownTicket');
    if (ticket.status === 'voided') return reject('Voided');
    const items = ticket.items.filter(({ course }) => !ticket.served.includes(course));
    if (items.length === 0) return reject('Served');
    return OrderVoided({ ticketId, table: ticket.table, reason, items });
  },
});

export const TellGuests = command('TellGuests', {
  description: 'Tells everyone who waits for a dish that there is no more of it. What is fired is cooked still.',
  data: z.object({ dish: z.string() }),
  reads: (c) => ({ holders: holders(c.dish) }),
  authorize: fromInside,
  decide: ({ data: { dish }, holders }) =>
    Object.entries(holders).flatMap(([ticketId, { table, items }]) => {
      const struck = items.filter((item) => item.dish === dish);
      return struck.length === 0 ? [] : [GuestsTold({ ticketId, table, dish, items: struck })];
    }),
});
