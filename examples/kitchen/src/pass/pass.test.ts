import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { OrderVoided } from '../front-of-house/events.js';
import { kitchen } from '../kitchen.js';
import { CourseServed } from '../runners/events.js';
import { ServeCourse } from '../runners/module.js';
import { RingOrderReady } from './assembling.js';
import { EightySix, PutBackOn } from './eighty-six.js';
import { ItemBackOn, ItemEightySixed, OrderReady } from './events.js';

const starters = { ticketId: 't1', table: '7', course: 1, plates: 2 };
const voided = OrderVoided({ ticketId: 't1', table: '7', reason: 'they left', items: [] });
const house = given(kitchen).as({ id: 'test', roles: ['operator'] });

describe('the pass', () => {
  it('rings once for a course, and not for one that nobody wants any more', async () => {
    await house.when(RingOrderReady(starters)).then(OrderReady(starters));
    await house.given(OrderReady(starters)).when(RingOrderReady(starters)).thenNothing();
    await house.given(voided).when(RingOrderReady(starters)).thenNothing();
  });

  it('says what is off, and what is back on', async () => {
    const off = ItemEightySixed({ dish: 'steak' });
    await given(kitchen)
      .when(EightySix({ dish: 'steak' }))
      .then(off);
    await given(kitchen, off)
      .when(EightySix({ dish: 'steak' }))
      .thenNothing();
    await given(kitchen)
      .when(EightySix({ dish: 'pizza' }))
      .thenRejected('NotOnTheMenu');
    await given(kitchen, off)
      .when(PutBackOn({ dish: 'steak' }))
      .then(ItemBackOn({ dish: 'steak' }));
    await given(kitchen)
      .when(PutBackOn({ dish: 'steak' }))
      .thenNothing();
  });
});

describe('runners', () => {
  it('serve a course once, and not one that was voided on the way', async () => {
    await house.given(OrderReady(starters)).when(ServeCourse(starters)).then(CourseServed(starters));
    await house.given(OrderReady(starters), CourseServed(starters)).when(ServeCourse(starters)).thenNothing();
    await house.given(OrderReady(starters), voided).when(ServeCourse(starters)).thenNothing();
  });
});
