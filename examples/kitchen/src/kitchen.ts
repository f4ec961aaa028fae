import { application } from 'carillon';
import { coldStation } from './cold-station/module.js';
import { dishWashing } from './dish-washing/module.js';
import { floor } from './floor/module.js';
import { frontOfHouse } from './front-of-house/module.js';
import { grill } from './grill/module.js';
import { guests } from './guests/module.js';
import { manager } from './manager/module.js';
import { demonstrationPace, type Pace } from './pace.js';
import { pass } from './pass/module.js';
import { runners } from './runners/module.js';
import { staff } from './staff/module.js';

/** The kitchen at a pace. Nobody calls anybody: whoever is left out is missed only for what he does. */
export function kitchenAt(pace: Pace) {
  const atWork = [
    frontOfHouse(pace),
    grill(pace),
    coldStation(pace),
    pass,
    runners(pace),
    dishWashing(pace),
    manager,
  ] as const;
  return application('kitchen', {
    description: 'A restaurant whose staff listen for the bells they care about.',
    modules: [...atWork, staff, guests, floor(atWork)],
  });
}

/** The kitchen to look at: a minute takes a second. */
export const kitchen = kitchenAt(demonstrationPace);

export default kitchen;
