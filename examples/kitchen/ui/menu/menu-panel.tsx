import { Group, Switch, Text } from '@mantine/core';
import { menu } from '../../src/menu.js';
import type { FloorNow } from '../floor/courses.js';
import { useTell } from '../live/use-tell.js';
import { Panel } from '../shell/panel.js';
import classes from './menu-panel.module.css';

/** What can be had. A dish that is switched off is eighty-sixed: who waits for it is told. */
export function MenuPanel({ floor }: { floor: FloorNow }) {
  const off = new Set(floor.off.map(({ dish }) => dish));
  const { tell } = useTell();
  return (
    <Panel title="Menu" aside="switch a dish off to 86 it">
      <ul className={classes.dishes}>
        {menu.map(({ dish, name, minutes }) => (
          <li key={dish}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" {...(off.has(dish) && { c: 'dimmed', td: 'line-through' })}>
                {name}{' '}
                <Text span size="xs" c="dimmed">
                  {minutes} min
                </Text>
              </Text>
              <Switch
                size="sm"
                aria-label={`${name} can be had`}
                checked={!off.has(dish)}
                onChange={() => void tell(off.has(dish) ? 'PutBackOn' : 'EightySix', { dish })}
              />
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
