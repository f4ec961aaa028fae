import { stationBells } from '../station/station-bells.js';

/** The bells of the grill. */
export const grillBells = stationBells('grill', 'Grill');
