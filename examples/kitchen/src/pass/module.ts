import { module } from 'carillon';
import { coldStationBells } from '../cold-station/events.js';
import { CourseFired, OrderVoided } from '../front-of-house/events.js';
import { grillBells } from '../grill/events.js';
import { assembling, RingOrderReady } from './assembling.js';
import { EightySix, PutBackOn } from './eighty-six.js';
import { published } from './events.js';

/** The pass, where courses are put together and dishes are called off. */
export const pass = module('pass', {
  description: 'Puts courses together, rings when one is ready, and says what is off.',
  publishes: published,
  consumes: [CourseFired, OrderVoided, grillBells.Prepared, coldStationBells.Prepared],
  commands: [RingOrderReady, EightySix, PutBackOn],
  reactions: [assembling],
});
