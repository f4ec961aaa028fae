import { useState } from 'react';
import { diningRoom } from '../../src/menu.js';
import { BellChip } from '../bells/bell-chip.js';
import type { FloorNow } from '../floor/courses.js';
import { useHouse } from '../house/house.js';
import { Panel } from '../shell/panel.js';
import classes from './dining-room.module.css';
import { OrderDialog } from './order-dialog.js';
import { TableTile } from './table-tile.js';

/** The tables, and what can be done at each. */
export function DiningRoom({ floor }: { floor: FloorNow }) {
  const [ordering, setOrdering] = useState<string>();
  const front = useHouse().modules.find(({ module }) => module === 'front-of-house');
  const seated = new Map(floor.tables.map((one) => [one.table, one]));
  return (
    <Panel title="Dining room" aside={`${seated.size} of ${diningRoom.length} tables taken`}>
      <p className={classes.rings}>
        <span>rings</span>
        {front?.rings.map((bell) => (
          <BellChip key={bell} bell={bell} />
        ))}
      </p>
      <ul className={classes.tables}>
        {diningRoom.map((name) => (
          <TableTile key={name} name={name} table={seated.get(name)} onOrder={() => setOrdering(name)} />
        ))}
      </ul>
      <OrderDialog table={ordering} off={floor.off.map(({ dish }) => dish)} onClose={() => setOrdering(undefined)} />
    </Panel>
  );
}
