// Whole evenings: from bell to bell, on a clock that is moved by hand.
import type { CommandRequest, EventDefinition } from 'carillon';
import { allEvents } from 'carillon/log';
import type { RunningApplication } from 'carillon/runtime';
import { type TestClock, testApplication, testClock } from 'carillon/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { coldStationBells } from './cold-station/events.js';
import { DishesWashed } from './dish-washing/events.js';
import { CourseFired, GuestsTold } from './front-of-house/events.js';
import { FireCourse, TakeOrder, VoidOrder } from './front-of-house/ordering.js';
import { ClearTable, SeatTable } from './front-of-house/seating.js';
import { grillBells } from './grill/events.js';
import { kitchenAt } from './kitchen.js';
import { ShiftReport } from './manager/shifts.js';
import { EightySix } from './pass/eighty-six.js';
import { OrderReady } from './pass/events.js';
import { CourseServed } from './runners/events.js';

let clock: TestClock;
let running: RunningApplication;
beforeEach(async () => {
  clock = testClock('2026-03-01T18:00:00Z');
  running = await testApplication(kitchenAt({ minuteMs: 60_000 }), { clock });
});
afterEach(() => running.close());

/** Lets minutes pass one by one: what a timer leads to may set the next. */
async function later(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    clock.later({ minutes: 1 });
    await running.idle();
  }
}

/** Has one thing done after the other, each with whatever it leads to. */
async function accepted(...requests: CommandRequest[]): Promise<void> {
  for (const request of requests) {
    expect(await running.execute(request)).not.toHaveProperty('rejected');
    await running.idle();
  }
}

/** The bells that rang after a position. What the runtime notes down for itself is left out. */
async function bellsAfter(position: number): Promise<string[]> {
  const events = await running.log.read(allEvents, { after: position });
  return events.map(({ type }) => type).filter((type) => !type.startsWith('carillon:'));
}

/** What bells of one kind said. */
async function rang(bell: EventDefinition): Promise<any[]> {
  return (await running.log.read({ items: [{ types: [bell.type] }] })).map(({ data }) => data);
}

const dinner = [
  { dish: 'green-salad', course: 1 },
  { dish: 'onion-soup', course: 1 },
  { dish: 'steak', course: 2 },
  { dish: 'caesar', course: 2 },
];
const seat = SeatTable({ table: '7', guests: 2 });
const order = TakeOrder({ ticketId: 't1', table: '7', items: dinner });

describe('an evening at one table', () => {
  it('goes from bell to bell until the plates are clean', async () => {
    await accepted(seat, order);
    expect((await bellsAfter(0)).slice(0, 3)).toEqual(['TableSeated', 'NewOrder', 'CourseFired']);
    expect((await bellsAfter(0)).slice(3).sort()).toEqual(['ColdStarted', 'GrillStarted']);

    let head = await running.log.head();
    await later(2);
    expect(await bellsAfter(head)).toEqual(['ColdPrepared']);
    head = await running.log.head();
    await later(2);
    expect(await bellsAfter(head)).toEqual(['GrillPrepared', 'OrderReady']);
    head = await running.log.head();
    await later(1);
    expect(await bellsAfter(head)).toEqual(['CourseServed']);
    expect(await running.execute(ClearTable({ table: '7' }))).toMatchObject({ code: 'StillWaiting' });

    // They sit over the starters; then the mains are fired.
    await later(5);
    expect(await rang(CourseFired)).toHaveLength(1);
    await later(1);
    expect(await rang(CourseFired)).toMatchObject([{ course: 1 }, { course: 2, table: '7' }]);
    await later(10);
    expect(await rang(CourseServed)).toEqual([
      { ticketId: 't1', table: '7', course: 1, plates: 2 },
      { ticketId: 't1', table: '7', course: 2, plates: 2 },
    ]);

    await accepted(ClearTable({ table: '7' }));
    expect(await rang(DishesWashed)).toEqual([]);
    await later(3);
    expect(await rang(DishesWashed)).toEqual([{ table: '7', plates: 4 }]);
    const { result } = await running.query(ShiftReport({}));
    expect(result).toEqual([
      { day: '2026-03-01', guests: 2, orders: 1, dishes: 4, plates: 4, voided: 0, tablesCleared: 1, eightySixed: 0 },
    ]);
  });

  it('fires a course at once when somebody says so', async () => {
    await accepted(seat, order, FireCourse({ ticketId: 't1', course: 2 }));
    await later(20);
    expect(await rang(CourseFired)).toHaveLength(2);
    expect((await rang(CourseServed)).map(({ course }) => course)).toEqual([1, 2]);
  });
});

it('cooks as many dishes at a time as a station has places', async () => {
  const steaks = Array.from({ length: 6 }, () => ({ dish: 'steak', course: 1 }));
  await accepted(seat, TakeOrder({ ticketId: 't1', table: '7', items: steaks }));
  expect(await rang(grillBells.Started)).toHaveLength(4);
  await later(9);
  expect(await rang(grillBells.Prepared)).toHaveLength(4);
  expect((await rang(grillBells.Started)).map(({ itemId }) => itemId)).toHaveLength(6);
  expect(await rang(OrderReady)).toEqual([]);
  await later(9);
  expect(await rang(OrderReady)).toEqual([{ ticketId: 't1', table: '7', course: 1, plates: 6 }]);
});

describe('an order that is voided', () => {
  const walkOut = VoidOrder({ ticketId: 't1', reason: 'they left' });

  it('stops what is in work', async () => {
    await accepted(seat, order, walkOut);
    expect(await rang(grillBells.Dropped)).toMatchObject([{ dish: 'onion-soup' }]);
    expect(await rang(coldStationBells.Dropped)).toMatchObject([{ dish: 'green-salad' }]);
    await later(30);
    for (const bell of [grillBells.Prepared, coldStationBells.Prepared, OrderReady, CourseServed]) {
      expect(await rang(bell)).toEqual([]);
    }
    await accepted(ClearTable({ table: '7' }));
  });

  it('comes back from the way to the table', async () => {
    await accepted(seat, order);
    await later(4);
    expect(await rang(OrderReady)).toHaveLength(1);
    await accepted(walkOut);
    await later(30);
    expect(await rang(CourseServed)).toEqual([]);
  });
});

describe('a dish that is eighty-sixed', () => {
  const noSteak = EightySix({ dish: 'steak' });

  it('is struck from the orders that wait for it: they get the rest', async () => {
    await accepted(seat, order, noSteak);
    expect(await rang(GuestsTold)).toMatchObject([{ ticketId: 't1', dish: 'steak', items: [{ itemId: 't1-3' }] }]);
    await later(25);
    expect(await rang(CourseServed)).toMatchObject([
      { course: 1, plates: 2 },
      { course: 2, plates: 1 },
    ]);
    await accepted(ClearTable({ table: '7' }));
  });

  it('is cooked still when it is fired', async () => {
    await accepted(seat, TakeOrder({ ticketId: 't1', table: '7', items: [{ dish: 'steak', course: 1 }] }), noSteak);
    expect(await rang(GuestsTold)).toEqual([]);
    await later(10);
    expect(await rang(CourseServed)).toMatchObject([{ plates: 1 }]);
  });

  it('does not hold up the courses behind it', async () => {
    const items = [
      { dish: 'green-salad', course: 1 },
      { dish: 'steak', course: 2 },
      { dish: 'sorbet', course: 3 },
    ];
    await accepted(seat, TakeOrder({ ticketId: 't1', table: '7', items }), noSteak);
    await later(20);
    expect((await rang(CourseServed)).map(({ course }) => course)).toEqual([1, 3]);
  });

  it('leaves a table free to go when there was nothing else', async () => {
    const items = [
      { dish: 'green-salad', course: 1 },
      { dish: 'steak', course: 2 },
    ];
    await accepted(seat, TakeOrder({ ticketId: 't1', table: '7', items }));
    await later(5);
    await accepted(noSteak, ClearTable({ table: '7' }));
    await later(20);
    expect(await rang(CourseFired)).toHaveLength(1);
  });
});
