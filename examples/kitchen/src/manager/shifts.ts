import { integer, query, type RecordedEvent, readModel, type TableWriters, table, text } from 'carillon';
import { z } from 'zod';
import { NewOrder, OrderVoided, TableCleared, TableSeated } from '../front-of-house/events.js';
import { ItemEightySixed } from '../pass/events.js';
import { CourseServed } from '../runners/events.js';

const figures = {
  guests: integer().default(0),
  orders: integer().default(0),
  dishes: integer().default(0),
  plates: integer().default(0),
  voided: integer().default(0),
  tablesCleared: integer().default(0),
  eightySixed: integer().default(0),
};
const days = table({ columns: { day: text(), ...figures }, key: 'day' });
const tables = { days };

/** A day in figures. */
export const shifts = readModel('shifts', { tables })
  .on(TableSeated, (e, db, event) => add(db, event, { guests: e.guests }))
  .on(NewOrder, (e, db, event) => add(db, event, { orders: 1, dishes: e.items.length }))
  .on(CourseServed, (e, db, event) => add(db, event, { plates: e.plates }))
  .on(OrderVoided, (_, db, event) => add(db, event, { voided: 1 }))
  .on(TableCleared, (_, db, event) => add(db, event, { tablesCleared: 1 }))
  .on(ItemEightySixed, (_, db, event) => add(db, event, { eightySixed: 1 }));

function add(
  { days }: TableWriters<typeof tables>,
  { recordedAt }: RecordedEvent,
  counted: { readonly [Name in keyof typeof figures]?: number },
): void {
  const day = recordedAt.toISOString().slice(0, 10);
  const names = Object.keys(counted) as (keyof typeof figures)[];
  const sum = (row: { readonly [Name in keyof typeof figures]: number }) =>
    Object.fromEntries(names.map((name) => [name, row[name] + (counted[name] ?? 0)]));
  days.update(day, sum, { day, ...counted });
}

export const ShiftReport = query('ShiftReport', {
  description: 'The last days in figures, the newest first. Days are those of UTC.',
  params: z.object({ limit: z.int().min(1).max(366).default(31) }),
  from: shifts,
  run: (db, { limit }) => db.selectFrom('days').selectAll().orderBy('day', 'desc').limit(limit),
});
