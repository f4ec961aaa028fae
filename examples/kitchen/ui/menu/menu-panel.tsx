import { Switch } from '@mantine/core';
import { menu } from '../../src/menu.js';
import type { FloorNow } from '../floor/courses.js';
import { useTell } from '../live/kitchen.js';
import { Panel } from '../shell/panel.js';
import classes from './menu-panel.module.css';

/** What can be had. A dish that is switched off is eighty-sixed: who waits for it is told. */
export function MenuPanel({ floor }: { floor: FloorNow }) {
  const off = new Set(floor.off.map(({ dish }) => dish));
  const { tell } = useTell();
  return (
    <Panel title="Menu" aside="switch off what is sold out: “86 it”">
      <ul className={classes.dishes}>
        {menu.map(({ dish, name, minutes }) => (
          <li key={dish} data-off={off.has(dish) || undefined}>
            <Switch
              size="sm"
              labelPosition="left"
              classNames={{ body: classes.dish ?? '', label: classes.name ?? '' }}
              aria-label={`${name} can be had`}
              label={
                <>
                  <span>{name}</span>{' '}
                  <span className={classes.minutes}>{off.has(dish) ? 'sold out' : `${minutes} min`}</span>
                </>
              }
              checked={!off.has(dish)}
              onChange={() => void tell(off.has(dish) ? 'PutBackOn' : 'EightySix', { dish })}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
