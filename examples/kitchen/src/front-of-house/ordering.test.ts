import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { kitchen } from '../kitchen.js';
import { ItemBackOn, ItemEightySixed } from '../pass/events.js';
import { CourseServed } from '../runners/events.js';
import { CourseFired, GuestsTold, NewOrder, OrderVoided, TableSeated } from './events.js';
import { FireCourse, TakeOrder, TellGuests, VoidOrder } from './ordering.js';

const seated = TableSeated({ table: '7', guests: 2 });
const soup = { itemId: 't1-1', dish: 'onion-soup', course: 1 };
const salad = { itemId: 't1-2', dish: 'green-salad', course: 1 };
const steak = { itemId: 't1-3', dish: 'steak', course: 2 };
const on = { ticketId: 't1', table: '7' };
const ordered = NewOrder({ ...on, items: [soup, salad, steak] });
const fired = CourseFired({ ...on, course: 1, items: [soup, salad] });
const served = CourseServed({ ...on, course: 1, plates: 2 });
const told = GuestsTold({ ...on, dish: 'steak', items: [steak] });
const voided = OrderVoided({ ...on, reason: 'they left', items: [steak] });

const take = TakeOrder({
  ...on,
  items: [soup, salad, steak].map(({ dish, course }) => ({ dish, course })),
});

describe('TakeOrder', () => {
  it('writes a ticket, whose items are told apart', async () => {
    await given(kitchen, seated).when(take).then(ordered);
  });

  it('refuses what cannot be cooked, and what nobody asked for', async () => {
    const pizza = TakeOrder({ ...on, items: [{ dish: 'pizza', course: 1 }] });
    await given(kitchen).when(take).thenRejected('NotSeated');
    await given(kitchen, seated).when(pizza).thenRejected('NotOnTheMenu', { dish: 'pizza' });
    await given(kitchen, seated, ordered).when(take).thenRejected('TicketTaken');
    await given(kitchen, seated)
      .when(TakeOrder({ ...on, items: [] }))
      .thenInvalid(['/items']);
  });

  it('refuses what is eighty-sixed, until it is back on', async () => {
    const off = ItemEightySixed({ dish: 'steak' });
    await given(kitchen, seated, off).when(take).thenRejected('EightySixed', { dish: 'steak' });
    await given(kitchen, seated, off, ItemBackOn({ dish: 'steak' }))
      .when(take)
      .then(ordered);
  });
});

describe('FireCourse', () => {
  const first = FireCourse({ ticketId: 't1', course: 1 });
  const second = FireCourse({ ticketId: 't1', course: 2 });

  it('fires what was ordered for a course, once', async () => {
    await given(kitchen, seated, ordered).when(first).then(fired);
    await given(kitchen, seated, ordered, fired).when(first).thenRejected('FiredAlready', { course: 1 });
    await given(kitchen, seated, ordered, voided).when(second).thenRejected('Voided');
    await given(kitchen).when(first).thenRejected('UnknownTicket');
  });

  it('leaves out what was struck', async () => {
    await given(kitchen, seated, ordered, told).when(second).thenRejected('NothingToFire', { course: 2 });
    await given(kitchen, seated, ordered, GuestsTold({ ...on, dish: 'green-salad', items: [salad] }))
      .when(first)
      .then(CourseFired({ ...on, course: 1, items: [soup] }));
  });
});

describe('VoidOrder', () => {
  const walkOut = VoidOrder({ ticketId: 't1', reason: 'they left' });

  it('calls off what was not served', async () => {
    await given(kitchen, seated, ordered, fired, served).when(walkOut).then(voided);
  });

  it('refuses when there is nothing to call off', async () => {
    await given(kitchen).when(walkOut).thenRejected('UnknownTicket');
    await given(kitchen, seated, ordered, voided).when(walkOut).thenRejected('Voided');
    await given(kitchen, seated, ordered, told, fired, served).when(walkOut).thenRejected('Served');
  });
});

describe('TellGuests', () => {
  const tell = TellGuests({ dish: 'steak' });
  const house = given(kitchen).as({ id: 'test', roles: ['operator'] });

  it('tells every table that waits for the dish, once', async () => {
    const hers = { itemId: 't2-1', dish: 'steak', course: 1 };
    const other = NewOrder({ ticketId: 't2', table: '8', items: [hers] });
    await house
      .given(seated, ordered, other)
      .when(tell)
      .then(told, GuestsTold({ ticketId: 't2', table: '8', dish: 'steak', items: [hers] }));
    await house.given(seated, ordered, told).when(tell).thenNothing();
  });

  it('does not strike what is in work, and nobody hears who waits no longer', async () => {
    const mains = CourseFired({ ...on, course: 2, items: [steak] });
    await house.given(seated, ordered, mains).when(tell).thenNothing();
    await house.given(seated, ordered, voided).when(tell).thenNothing();
  });

  it('is not for guests to say', async () => {
    await given(kitchen, seated, ordered).when(tell).thenForbidden();
  });
});
