import { boolean, integer, json, type RecordedEvent, readModel, type TableWriters, table, text } from 'carillon';
import { coldStationBells } from '../cold-station/events.js';
import { count } from '../count.js';
import { DishesWashed } from '../dish-washing/events.js';
import * as front from '../front-of-house/events.js';
import { grillBells } from '../grill/events.js';
import { DoorsClosed, DoorsOpened } from '../guests/events.js';
import { courseNames, dishName } from '../menu.js';
import { ItemBackOn, ItemEightySixed, OrderReady } from '../pass/events.js';
import { CourseServed } from '../runners/events.js';
import { CameOnDuty, ListenerHired, ListenerSpoke, WentOffDuty } from '../staff/events.js';

/** So many bells are kept. */
export const keptBells = 100;

/** The last bells: each new one takes the place of the oldest. */
const rung = table({
  columns: { place: integer(), position: integer(), bell: text(), says: text(), at: text() },
  key: 'place',
  indexes: ['position'],
});

/** How often what rang, and how many guests come: numbers by name. */
const numbers = table({ columns: { name: text(), value: integer() }, key: 'name' });

const staff = table({
  columns: {
    listener: text(),
    label: text(),
    /** The bells that he listens for. */
    bells: json<readonly string[]>(),
    isOnDuty: boolean().default(false),
    /** What he said last, and how often he has said something. */
    says: text().nullable(),
    count: integer().default(0),
  },
  key: 'listener',
});

const tables = { rung, numbers, staff };

/** The bells as they ring, and who is there to hear them. */
export const bells = readModel('bells', { tables })
  .on(front.TableSeated, (e, db, event) => ring(db, event, `Table ${e.table}: ${count(e.guests, 'guest')}`))
  .on(front.NewOrder, (e, db, event) => ring(db, event, `Table ${e.table}: ${count(e.items.length, 'dish', 'dishes')}`))
  .on(front.CourseFired, (e, db, event) => ring(db, event, `Table ${e.table}: ${courseNames[e.course]}`))
  .on(front.OrderVoided, (e, db, event) => ring(db, event, `Table ${e.table}: ${e.reason}`))
  .on(front.GuestsTold, (e, db, event) => ring(db, event, `Table ${e.table}: no ${dishName(e.dish)}`))
  .on(front.TableCleared, (e, db, event) => ring(db, event, `Table ${e.table}: ${count(e.plates, 'plate')}`))
  .on(grillBells.Started, (e, db, event) => ring(db, event, `Table ${e.table}: ${dishName(e.dish)}`))
  .on(grillBells.Prepared, (e, db, event) => ring(db, event, `Table ${e.table}: ${dishName(e.dish)}`))
  .on(grillBells.Dropped, (e, db, event) => ring(db, event, `Table ${e.table}: ${dishName(e.dish)}`))
  .on(coldStationBells.Started, (e, db, event) => ring(db, event, `Table ${e.table}: ${dishName(e.dish)}`))
  .on(coldStationBells.Prepared, (e, db, event) => ring(db, event, `Table ${e.table}: ${dishName(e.dish)}`))
  .on(coldStationBells.Dropped, (e, db, event) => ring(db, event, `Table ${e.table}: ${dishName(e.dish)}`))
  .on(OrderReady, (e, db, event) => ring(db, event, `Table ${e.table}: ${courseNames[e.course]}`))
  .on(CourseServed, (e, db, event) => ring(db, event, `Table ${e.table}: ${courseNames[e.course]}`))
  .on(DishesWashed, (e, db, event) => ring(db, event, count(e.plates, 'plate')))
  .on(ItemEightySixed, (e, db, event) => ring(db, event, `No more ${dishName(e.dish)}`))
  .on(ItemBackOn, (e, db, event) => ring(db, event, dishName(e.dish)))
  .on(ListenerHired, ({ listener, label, bells }, db) =>
    db.staff.update(listener, { label, bells }, { listener, label, bells }),
  )
  // Somebody may be called before he is hired; and somebody whom nobody knows.
  .on(CameOnDuty, ({ listener }, db) =>
    db.staff.update(listener, { isOnDuty: true }, { listener, label: listener, bells: [], isOnDuty: true }),
  )
  .on(WentOffDuty, (e, db) => db.staff.updateWhere({ listener: e.listener }, { isOnDuty: false }))
  .on(ListenerSpoke, (e, db) => db.staff.update(e.listener, (row) => ({ says: e.says, count: row.count + 1 })))
  .on(DoorsOpened, (e, db) => db.numbers.upsert({ name: guestsPerMinute, value: e.perMinute }))
  .on(DoorsClosed, (_, db) => db.numbers.upsert({ name: guestsPerMinute, value: 0 }));

/** The numbers that are kept. */
export const guestsPerMinute = 'guests per minute';
const bellsRung = 'bells rung';

async function ring(db: TableWriters<typeof tables>, event: RecordedEvent, says: string): Promise<void> {
  const { position, type, recordedAt } = event;
  const before = (await db.numbers.get(bellsRung))?.value ?? 0;
  db.numbers.upsert({ name: bellsRung, value: before + 1 });
  db.rung.upsert({ place: before % keptBells, position, bell: type, says, at: recordedAt.toISOString() });
}
