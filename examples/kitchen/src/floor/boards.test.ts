import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { DishesWashed } from '../dish-washing/events.js';
import { CourseFired, GuestsTold, NewOrder, OrderVoided, TableCleared, TableSeated } from '../front-of-house/events.js';
import { grillBells } from '../grill/events.js';
import { kitchen } from '../kitchen.js';
import { ItemBackOn, ItemEightySixed, OrderReady } from '../pass/events.js';
import { CourseServed } from '../runners/events.js';
import { CameOnDuty, ListenerHired, ListenerSpoke, WentOffDuty } from '../staff/events.js';
import { bells } from './bells.js';
import { boards } from './boards.js';
import { Bells, Floor, Menu, StationBoard, WhetherOnDuty } from './queries.js';

const seated = TableSeated({ table: '7', guests: 2 });
const soup = { itemId: 't1-1', dish: 'onion-soup', course: 1 };
const steak = { itemId: 't1-2', dish: 'steak', course: 2 };
const on = { ticketId: 't1', table: '7' };
const ordered = NewOrder({ ...on, items: [soup, steak] });
const fired = CourseFired({ ...on, course: 1, items: [soup] });
const started = grillBells.Started({ ...on, ...soup });
const prepared = grillBells.Prepared({ ...on, ...soup });
const starters = { ...on, course: 1, plates: 1 };
const house = given(kitchen, seated, ordered);

describe('the boards', () => {
  it('show how far each dish has got', async () => {
    const steps = [
      ['ordered', []],
      ['queued', [fired]],
      ['cooking', [fired, started]],
      ['pass', [fired, started, prepared]],
      ['ready', [fired, started, prepared, OrderReady(starters)]],
      ['served', [fired, started, prepared, OrderReady(starters), CourseServed(starters)]],
    ] as const;
    for (const [status, events] of steps) {
      await house.given(...events).thenRowsMatching(boards, 'items', [
        { itemId: 't1-1', station: 'grill', status },
        { itemId: 't1-2', status: 'ordered' },
      ]);
    }
  });

  it('show a ticket as served when nothing on it is still to come', async () => {
    const served = [fired, started, prepared, OrderReady(starters), CourseServed(starters)];
    const told = GuestsTold({ ...on, dish: 'steak', items: [steak] });
    await house.given(...served).thenRowsMatching(boards, 'tickets', [{ ticketId: 't1', status: 'open' }]);
    await house.given(...served, told).thenRowsMatching(boards, 'tickets', [{ ticketId: 't1', status: 'served' }]);
    await house.given(...served).thenRowsMatching(boards, 'tables', [{ table: '7', plates: 1 }]);
  });

  it('forget what stations say of an order that is voided and cleared', async () => {
    const voided = OrderVoided({ ...on, reason: 'they left', items: [soup, steak] });
    await house.given(fired, voided, started).thenRowsMatching(boards, 'items', [
      { itemId: 't1-1', status: 'voided' },
      { itemId: 't1-2', status: 'voided' },
    ]);
    await house
      .given(fired, voided, TableCleared({ table: '7', plates: 0 }), started, prepared)
      .thenAnswer(Floor({}), { tables: [], off: [], washing: [] });
  });

  it('show what is off, and what is being washed', async () => {
    const off = ItemEightySixed({ dish: 'steak' });
    await house.given(off).thenAnswerMatching(Floor({}), { off: [{ dish: 'steak' }] });
    await house.given(off, ItemBackOn({ dish: 'steak' })).thenAnswerMatching(Floor({}), { off: [] });
    const cleared = TableCleared({ table: '7', plates: 3 });
    await given(kitchen, seated, cleared, seated, TableCleared({ table: '7', plates: 2 })).thenAnswerMatching(
      Floor({}),
      { tables: [], washing: [{ table: '7', plates: 5 }] },
    );
    await given(kitchen, seated, cleared, DishesWashed({ table: '7', plates: 3 })).thenAnswerMatching(Floor({}), {
      washing: [],
    });
  });

  it('show each station what it has to do', async () => {
    await house
      .given(fired, started)
      .thenAnswerMatching(StationBoard({ station: 'grill' }), [
        { itemId: 't1-1', dish: 'onion-soup', status: 'cooking', table: '7' },
      ]);
    await house.given(fired, started).thenAnswer(StationBoard({ station: 'cold-station' }), []);
  });
});

describe('the menu', () => {
  it('says what is off', async () => {
    await given(kitchen, ItemEightySixed({ dish: 'onion-soup' })).thenAnswerMatching(Menu({}), [
      { dish: 'onion-soup', isOff: true },
      ...Array.from({ length: 8 }, () => ({ isOff: false })),
    ]);
  });
});

describe('the bells', () => {
  it('are kept as they rang, the last ones only', async () => {
    await house.thenAnswerMatching(Bells({ limit: 1 }), {
      rung: [{ position: 2, bell: 'NewOrder', says: 'Table 7: 2 dishes' }],
    });
    const many = Array.from({ length: 120 }, (_, n) => ItemEightySixed({ dish: `dish ${n}` }));
    await given(kitchen, ...many).thenAnswerMatching(Bells({ limit: 100 }), {
      rung: Array.from({ length: 100 }, (_, n) => ({ position: 120 - n, says: `No more dish ${119 - n}` })),
    });
  });

  it('are heard by staff who come and go', async () => {
    const hired = ListenerHired({ listener: 'critic', label: 'Critic', bells: ['CourseServed'] });
    const onDuty = CameOnDuty({ listener: 'critic' });
    const spoke = ListenerSpoke({ listener: 'critic', bell: 'CourseServed', says: 'Hm.' });
    const critic = {
      listener: 'critic',
      label: 'Critic',
      bells: ['CourseServed'],
      isOnDuty: false,
      says: null,
      count: 0,
    };
    await given(kitchen, hired).thenRows(bells, 'staff', [critic]);
    await given(kitchen, hired, onDuty, spoke, spoke).thenRows(bells, 'staff', [
      { ...critic, isOnDuty: true, says: 'Hm.', count: 2 },
    ]);
    await given(kitchen, hired, onDuty, WentOffDuty({ listener: 'critic' })).thenRows(bells, 'staff', [critic]);
    await given(kitchen, onDuty, hired).thenRows(bells, 'staff', [{ ...critic, isOnDuty: true }]);
    await given(kitchen, CameOnDuty({ listener: 'nobody' })).thenAnswerMatching(Bells({}), { staff: [] });
  });

  it('say whether somebody who was called has come', async () => {
    const hired = ListenerHired({ listener: 'critic', label: 'Critic', bells: ['CourseServed'] });
    const called = CameOnDuty({ listener: 'critic' });
    const sentHome = WentOffDuty({ listener: 'critic' });
    const whether = WhetherOnDuty({ listener: 'critic' });
    await given(kitchen).thenAnswer(whether, { duty: 'unknown' });
    await given(kitchen, called).thenAnswer(whether, { duty: 'called' });
    await given(kitchen, called, hired).thenAnswer(whether, { duty: 'on' });
    await given(kitchen, called, hired, sentHome).thenAnswer(whether, { duty: 'off' });
    await given(kitchen, called, sentHome).thenAnswer(whether, { duty: 'unknown' });
  });
});
