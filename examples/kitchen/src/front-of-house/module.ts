import { module } from 'carillon';
import type { Pace } from '../pace.js';
import { ItemBackOn, ItemEightySixed } from '../pass/events.js';
import { CourseServed } from '../runners/events.js';
import { published } from './events.js';
import { FireCourse, TakeOrder, TellGuests, VoidOrder } from './ordering.js';
import { ClearTable, SeatTable } from './seating.js';
import { service, tellGuests } from './service.js';

/** The dining room: tables, orders, courses. */
export const frontOfHouse = (pace: Pace) =>
  module('front-of-house', {
    description: 'Seats guests, takes their orders and fires their courses.',
    publishes: published,
    consumes: [ItemEightySixed, ItemBackOn, CourseServed],
    commands: [SeatTable, TakeOrder, FireCourse, VoidOrder, ClearTable, TellGuests],
    reactions: [service(pace), tellGuests],
  });
