// The bells of the dining room. Other modules know these, and nothing else of front of house.
import { event } from 'carillon';
import { z } from 'zod';

/** A dish for one guest. */
const item = z.object({ itemId: z.string(), dish: z.string(), course: z.int() });
const ticketId = z.string();
const table = z.string();

type Items = readonly z.infer<typeof item>[];
const idsOf = (items: Items) => items.map(({ itemId }) => itemId);
const dishesOf = (items: Items) => items.map(({ dish }) => dish);

export const TableSeated = event('TableSeated', {
  data: z.object({ table, guests: z.int() }),
  tags: (e) => ({ table: e.table }),
});

export const NewOrder = event('NewOrder', {
  description: 'New order! Nothing is cooked before its course is fired.',
  data: z.object({ ticketId, table, items: z.array(item) }),
  tags: (e) => ({ ticket: e.ticketId, table: e.table, dish: dishesOf(e.items) }),
});

export const CourseFired = event('CourseFired', {
  description: 'A course is wanted now.',
  data: z.object({ ticketId, table, course: z.int(), items: z.array(item) }),
  tags: (e) => ({ ticket: e.ticketId, table: e.table, item: idsOf(e.items), dish: dishesOf(e.items) }),
});

export const OrderVoided = event('OrderVoided', {
  description: 'Nothing more of an order is wanted. Its items are all that was not served.',
  data: z.object({ ticketId, table, reason: z.string(), items: z.array(item) }),
  tags: (e) => ({ ticket: e.ticketId, table: e.table, item: idsOf(e.items), dish: dishesOf(e.items) }),
});

export const GuestsTold = event('GuestsTold', {
  description: 'The guests of an order know that they do not get a dish. Its items are struck from the ticket.',
  data: z.object({ ticketId, table, dish: z.string(), items: z.array(item) }),
  tags: (e) => ({ ticket: e.ticketId, table: e.table, dish: e.dish }),
});

export const TableCleared = event('TableCleared', {
  description: 'Table cleared! The plates are on their way to the dish washer.',
  data: z.object({ table, plates: z.int() }),
  tags: (e) => ({ table: e.table }),
});

/** What other modules may know: all of them. */
export const published = [TableSeated, NewOrder, CourseFired, OrderVoided, GuestsTold, TableCleared] as const;
