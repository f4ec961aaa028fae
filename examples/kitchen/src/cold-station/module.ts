import type { Pace } from '../pace.js';
import { station } from '../station/station.js';
import { coldStationBells } from './events.js';

/** The cold station. */
export const coldStation = (pace: Pace) =>
  station({ name: 'cold-station', label: 'Cold', bells: coldStationBells, places: 3, pace });
