import { stationBells } from '../station/station-bells.js';

/** The bells of the cold station. */
export const coldStationBells = stationBells('cold-station', 'Cold');
