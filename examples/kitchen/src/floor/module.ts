import { type ModuleDefinition, module } from 'carillon';
import { coldStationBells } from '../cold-station/events.js';
import * as dishWashing from '../dish-washing/events.js';
import * as front from '../front-of-house/events.js';
import { grillBells } from '../grill/events.js';
import * as guests from '../guests/events.js';
import * as pass from '../pass/events.js';
import * as runners from '../runners/events.js';
import * as staff from '../staff/events.js';
import { bells } from './bells.js';
import { boards } from './boards.js';
import { Bells, Floor, Menu, StationBoard, WhetherOnDuty } from './queries.js';
import { whoListens } from './who-listens.js';

/**
 * What hangs on the walls: boards, and the bells that ring. It only listens.
 *
 * @param others the modules whose bells are shown
 */
export const floor = (others: readonly ModuleDefinition[]) =>
  module('floor', {
    description: 'Boards for everyone to see.',
    consumes: [
      ...front.published,
      grillBells.Started,
      grillBells.Prepared,
      grillBells.Dropped,
      coldStationBells.Started,
      coldStationBells.Prepared,
      coldStationBells.Dropped,
      ...pass.published,
      ...runners.published,
      ...dishWashing.published,
      ...staff.published,
      ...guests.published,
    ],
    readModels: [boards, bells],
    queries: [Floor, StationBoard, Menu, Bells, WhetherOnDuty, whoListens(others)],
  });
