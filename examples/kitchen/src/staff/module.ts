import { module } from 'carillon';
import { HireListener, PutOnDuty, Speak, TakeOffDuty } from './commands.js';
import { published } from './events.js';

/** Who is on duty, and what they say. For which bells they listen is their own business. */
export const staff = module('staff', {
  description: 'Puts listeners on and off duty.',
  publishes: published,
  commands: [HireListener, PutOnDuty, TakeOffDuty, Speak],
});
