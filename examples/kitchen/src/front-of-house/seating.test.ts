import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { kitchen } from '../kitchen.js';
import { CourseServed } from '../runners/events.js';
import { GuestsTold, NewOrder, OrderVoided, TableCleared, TableSeated } from './events.js';
import { ClearTable, SeatTable } from './seating.js';

const seated = TableSeated({ table: '7', guests: 2 });
const salad = { itemId: 't1-1', dish: 'green-salad', course: 1 };
const steak = { itemId: 't1-2', dish: 'steak', course: 2 };
const on = { ticketId: 't1', table: '7' };
const ordered = NewOrder({ ...on, items: [salad, steak] });
const starters = CourseServed({ ...on, course: 1, plates: 1 });

describe('SeatTable', () => {
  const seat = SeatTable({ table: '7', guests: 2 });

  it('seats guests where nobody sits', async () => {
    await given(kitchen).when(seat).then(seated);
    await given(kitchen, seated).when(seat).thenRejected('Occupied');
    await given(kitchen, seated, TableCleared({ table: '7', plates: 0 }))
      .when(seat)
      .then(seated);
    await given(kitchen)
      .when(SeatTable({ table: 'roof', guests: 2 }))
      .thenRejected('NoSuchTable');
  });
});

describe('ClearTable', () => {
  const clear = ClearTable({ table: '7' });

  it('counts the plates of guests who have eaten', async () => {
    const mains = CourseServed({ ...on, course: 2, plates: 1 });
    await given(kitchen, seated, ordered, starters, mains)
      .when(clear)
      .then(TableCleared({ table: '7', plates: 2 }));
  });

  it('waits for what is still to come', async () => {
    await given(kitchen).when(clear).thenRejected('NobodyThere');
    await given(kitchen, seated, ordered, starters)
      .when(clear)
      .thenRejected('StillWaiting', { tickets: ['t1'] });
  });

  it('does not wait for what was voided or struck', async () => {
    const cleared = TableCleared({ table: '7', plates: 1 });
    const voided = OrderVoided({ ...on, reason: 'cold', items: [steak] });
    const told = GuestsTold({ ...on, dish: 'steak', items: [steak] });
    await given(kitchen, seated, ordered, starters, voided).when(clear).then(cleared);
    await given(kitchen, seated, ordered, starters, told).when(clear).then(cleared);
  });
});
