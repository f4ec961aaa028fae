import { module } from 'carillon';
import { NewOrder, OrderVoided, TableCleared, TableSeated } from '../front-of-house/events.js';
import { ItemEightySixed } from '../pass/events.js';
import { CourseServed } from '../runners/events.js';
import { ShiftReport, shifts } from './shifts.js';

/** The manager only listens. */
export const manager = module('manager', {
  description: 'Counts, and says nothing.',
  consumes: [TableSeated, NewOrder, CourseServed, OrderVoided, TableCleared, ItemEightySixed],
  readModels: [shifts],
  queries: [ShiftReport],
});
