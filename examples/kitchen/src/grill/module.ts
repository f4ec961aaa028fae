import type { Pace } from '../pace.js';
import { station } from '../station/station.js';
import { grillBells } from './events.js';

/** The grill. */
export const grill = (pace: Pace) => station({ name: 'grill', label: 'Grill', bells: grillBells, places: 4, pace });
