// What the decisions of front of house depend on.
import { type DataOf, state } from 'carillon';
import { ItemBackOn, ItemEightySixed } from '../pass/events.js';
import { CourseServed } from '../runners/events.js';
import { CourseFired, GuestsTold, NewOrder, OrderVoided, TableCleared, TableSeated } from './events.js';

/** A dish for one guest. */
export type Item = DataOf<typeof NewOrder>['items'][number];

/** Items by the ticket that they stand on. */
type ByTicket = Readonly<Record<string, readonly Item[]>>;

/** Leaves the items of a ticket that fit; a ticket with none left is left out. */
function keep(tickets: ByTicket, ticketId: string, fits: (item: Item) => boolean): ByTicket {
  const { [ticketId]: items = [], ...others } = tickets;
  const left = items.filter(fits);
  return left.length === 0 ? others : { ...others, [ticketId]: left };
}

const noneOf = (items: readonly Item[]) => (item: Item) => items.every(({ itemId }) => itemId !== item.itemId);

interface Table {
  readonly isSeated: boolean;
  /** What is still to come. */
  readonly awaited: ByTicket;
  /** Plates that stand on it. */
  readonly plates: number;
}

const freeTable: Table = { isSeated: false, awaited: {}, plates: 0 };

export const table = state('table', { initial: freeTable })
  .on(TableSeated, () => ({ ...freeTable, isSeated: true }))
  .on(NewOrder, (table, e) => ({ ...table, awaited: { ...table.awaited, [e.ticketId]: e.items } }))
  .on(CourseServed, (table, e) => ({
    ...table,
    awaited: keep(table.awaited, e.ticketId, ({ course }) => course !== e.course),
    plates: table.plates + e.plates,
  }))
  .on(GuestsTold, (table, e) => ({ ...table, awaited: keep(table.awaited, e.ticketId, noneOf(e.items)) }))
  .on(OrderVoided, (table, e) => ({ ...table, awaited: keep(table.awaited, e.ticketId, () => false) }))
  .on(TableCleared, () => freeTable);

interface Ticket {
  readonly status: 'unknown' | 'open' | 'voided';
  readonly table: string;
  /** What was ordered, without what was struck. */
  readonly items: readonly Item[];
  readonly fired: readonly number[];
  readonly served: readonly number[];
}

const noTicket: Ticket = { status: 'unknown', table: '', items: [], fired: [], served: [] };

export const ticket = state('ticket', { initial: noTicket })
  .on(NewOrder, (_, e) => ({ ...noTicket, status: 'open', table: e.table, items: e.items }))
  .on(CourseFired, (ticket, e) => ({ ...ticket, fired: [...ticket.fired, e.course] }))
  .on(CourseServed, (ticket, e) => ({ ...ticket, served: [...ticket.served, e.course] }))
  .on(GuestsTold, (ticket, e) => ({ ...ticket, items: ticket.items.filter(noneOf(e.items)) }))
  .on(OrderVoided, (ticket) => ({ ...ticket, status: 'voided' }));

/** The orders that hold a dish and wait for it, by ticket: only what is not fired yet. */
export const holders = state('dish', { initial: {} as Readonly<Record<string, Holder>> })
  .on(NewOrder, (holders, e) => ({ ...holders, [e.ticketId]: { table: e.table, items: e.items } }))
  .on(CourseFired, (holders, e) => without(holders, e.ticketId, e.items))
  .on(GuestsTold, (holders, e) => without(holders, e.ticketId, e.items))
  .on(OrderVoided, (holders, e) => without(holders, e.ticketId, e.items));

interface Holder {
  readonly table: string;
  /** All of the ticket's items, whatever the dish. */
  readonly items: readonly Item[];
}

function without(holders: Readonly<Record<string, Holder>>, ticketId: string, gone: readonly Item[]) {
  const { [ticketId]: holder, ...others } = holders;
  if (holder === undefined) return holders;
  const items = holder.items.filter(noneOf(gone));
  return items.length === 0 ? others : { ...others, [ticketId]: { ...holder, items } };
}

/** The dishes that cannot be had. */
export const eightySixed = state([], { initial: [] as readonly string[] })
  .on(ItemEightySixed, (dishes, e) => [...dishes, e.dish])
  .on(ItemBackOn, (dishes, e) => dishes.filter((dish) => dish !== e.dish));
