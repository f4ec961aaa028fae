import { integer, readModel, table, text } from 'carillon';
import { coldStationBells } from '../cold-station/events.js';
import { DishesWashed } from '../dish-washing/events.js';
import { CourseFired, GuestsTold, NewOrder, OrderVoided, TableCleared, TableSeated } from '../front-of-house/events.js';
import { grillBells } from '../grill/events.js';
import { dishOf } from '../menu.js';
import { ItemBackOn, ItemEightySixed, OrderReady } from '../pass/events.js';
import { CourseServed } from '../runners/events.js';

/** How far a dish has got, from the order to the table. */
export type ItemStatus =
  /** On the ticket; its course is not fired yet. */
  | 'ordered'
  /** Wanted by a station that has not begun with it. */
  | 'queued'
  | 'cooking'
  /** At the pass, where it waits for the rest of its course. */
  | 'pass'
  /** With a runner. */
  | 'ready'
  | 'served'
  | 'voided'
  /** Struck from the ticket: there is no more of it. */
  | 'struck';

const tables = table({
  columns: { table: text(), guests: integer(), seatedAt: text(), plates: integer().default(0) },
  key: 'table',
});

const tickets = table({
  columns: {
    ticketId: text(),
    table: text(),
    orderedAt: text(),
    status: text<'open' | 'served' | 'voided'>().default('open'),
    /** When something last happened to it. */
    since: text(),
  },
  key: 'ticketId',
  indexes: ['table'],
});

const items = table({
  columns: {
    itemId: text(),
    ticketId: text(),
    table: text(),
    course: integer(),
    dish: text(),
    station: text(),
    status: text<ItemStatus>().default('ordered'),
    firedAt: text().nullable(),
    /** When it got its present status. */
    since: text(),
  },
  key: 'itemId',
  indexes: ['station', 'ticketId', 'table'],
});

const off = table({ columns: { dish: text(), since: text() }, key: 'dish' });
const washing = table({ columns: { table: text(), plates: integer(), since: text() }, key: 'table' });

/** The house as it is now: tables, tickets, what is in work where, what is off, and what is being washed. */
export const boards = readModel('boards', { tables: { tables, tickets, items, off, washing } })
  .on(TableSeated, (e, db, event) => db.tables.insert({ ...e, seatedAt: time(event) }))
  .on(NewOrder, ({ ticketId, table, items }, db, event) => {
    const since = time(event);
    db.tickets.insert({ ticketId, table, orderedAt: since, since });
    for (const item of items) {
      db.items.insert({ ...item, ticketId, table, station: dishOf(item.dish)?.station ?? '', since });
    }
  })
  .on(CourseFired, (e, db, event) => {
    const since = time(event);
    for (const { itemId } of e.items) db.items.update(itemId, { status: 'queued', firedAt: since, since });
    db.tickets.update(e.ticketId, { since });
  })
  // What stations say may come when an order is voided and its table cleared already.
  .on(grillBells.Started, (e, db, event) =>
    db.items.updateWhere({ itemId: e.itemId, status: 'queued' }, { status: 'cooking', since: time(event) }),
  )
  .on(coldStationBells.Started, (e, db, event) =>
    db.items.updateWhere({ itemId: e.itemId, status: 'queued' }, { status: 'cooking', since: time(event) }),
  )
  .on(grillBells.Prepared, (e, db, event) =>
    db.items.updateWhere({ itemId: e.itemId, status: 'cooking' }, { status: 'pass', since: time(event) }),
  )
  .on(coldStationBells.Prepared, (e, db, event) =>
    db.items.updateWhere({ itemId: e.itemId, status: 'cooking' }, { status: 'pass', since: time(event) }),
  )
  .on(OrderReady, ({ ticketId, course }, db, event) =>
    db.items.updateWhere({ ticketId, course, status: 'pass' }, { status: 'ready', since: time(event) }),
  )
  .on(CourseServed, async ({ ticketId, table, course, plates }, db, event) => {
    const since = time(event);
    await db.items.updateWhere({ ticketId, course, status: 'ready' }, { status: 'served', since });
    db.tables.update(table, (row) => ({ plates: row.plates + plates }));
    db.tickets.update(ticketId, { status: await statusOf(db, ticketId), since });
  })
  .on(GuestsTold, async ({ ticketId, items }, db, event) => {
    const since = time(event);
    for (const { itemId } of items) db.items.update(itemId, { status: 'struck', since });
    db.tickets.update(ticketId, { status: await statusOf(db, ticketId), since });
  })
  .on(OrderVoided, (e, db, event) => {
    const since = time(event);
    for (const { itemId } of e.items) db.items.update(itemId, { status: 'voided', since });
    db.tickets.update(e.ticketId, { status: 'voided', since });
  })
  .on(TableCleared, async ({ table, plates }, db, event) => {
    await db.items.deleteWhere({ table });
    await db.tickets.deleteWhere({ table });
    db.tables.delete(table);
    if (plates === 0) return;
    const row = { table, plates, since: time(event) };
    db.washing.update(table, (before) => ({ ...row, plates: before.plates + plates }), row);
  })
  .on(DishesWashed, (e, db) => db.washing.delete(e.table))
  .on(ItemEightySixed, (e, db, event) => db.off.upsert({ dish: e.dish, since: time(event) }))
  .on(ItemBackOn, (e, db) => db.off.delete(e.dish));

function time({ recordedAt }: { readonly recordedAt: Date }): string {
  return recordedAt.toISOString();
}

interface Items {
  readonly items: { find(where: { readonly ticketId: string }): Promise<readonly { readonly status: ItemStatus }[]> };
}

/** A ticket is served when nothing on it is still to come. */
async function statusOf({ items }: Items, ticketId: string): Promise<'open' | 'served'> {
  const all = await items.find({ ticketId });
  return all.every(({ status }) => status === 'served' || status === 'struck') ? 'served' : 'open';
}
