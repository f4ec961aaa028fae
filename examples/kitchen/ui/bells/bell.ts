import type { Tone } from '@carillon-examples/pages';

/** A bell as it looks and sounds. */
export interface Bell {
  readonly name: string;
  readonly tone: Tone;
  /** The tones of its sound in hertz, one after the other; a bell without is seen and not heard. */
  readonly sound: readonly number[];
}

const bells: Readonly<Record<string, Bell>> = {
  TableSeated: { name: 'Table seated', tone: 'held', sound: [] },
  NewOrder: { name: 'New order!', tone: 'held', sound: [784, 988] },
  CourseFired: { name: 'Course fired', tone: 'held', sound: [659] },
  OrderVoided: { name: 'Order voided', tone: 'late', sound: [330, 262] },
  GuestsTold: { name: 'Guests told', tone: 'late', sound: [] },
  TableCleared: { name: 'Table cleared!', tone: 'held', sound: [523, 392] },
  GrillStarted: { name: 'Grill begins', tone: 'plain', sound: [] },
  GrillPrepared: { name: 'Grill: done', tone: 'busy', sound: [] },
  GrillDropped: { name: 'Grill stops', tone: 'late', sound: [] },
  ColdStarted: { name: 'Cold begins', tone: 'plain', sound: [] },
  ColdPrepared: { name: 'Cold: done', tone: 'busy', sound: [] },
  ColdDropped: { name: 'Cold stops', tone: 'late', sound: [] },
  OrderReady: { name: 'Order ready!', tone: 'good', sound: [1_319, 1_319] },
  ItemEightySixed: { name: 'Sold out (86)', tone: 'late', sound: [220, 220, 220] },
  ItemBackOn: { name: 'Back on the menu', tone: 'good', sound: [] },
  CourseServed: { name: 'Course served', tone: 'good', sound: [] },
  DishesWashed: { name: 'Dishes washed', tone: 'plain', sound: [] },
};

/** A bell by the type of its event. One that nobody has thought of here looks plain, and is called as it is. */
export function bellOf(type: string): Bell {
  return bells[type] ?? { name: type, tone: 'plain', sound: [] };
}
