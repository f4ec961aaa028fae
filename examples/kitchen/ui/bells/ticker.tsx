import { Problem } from '@carillon-examples/pages';
import { Text } from '@mantine/core';
import { listenersOf, useHouse } from '../house/house.js';
import { Panel } from '../shell/panel.js';
import { BellChip } from './bell-chip.js';
import classes from './ticker.module.css';

/** The bells as they ring, and who hears each. */
export function Ticker() {
  const house = useHouse();
  const { result, problem, retry } = house.bells;
  return (
    <Panel title="Bells" aside="the newest first">
      {problem !== undefined && <Problem what="The bells cannot be heard." why={problem} onRetry={retry} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
      <ol className={classes.bells} tabIndex={0} aria-label="Bells that rang">
        {result?.rung.length === 0 && (
          <Text component="li" size="sm" c="dimmed">
            It is quiet. Seat a table, or let simulated guests come.
          </Text>
        )}
        {result?.rung.map(({ position, bell, says }) => (
          <li key={position} className={classes.bell}>
            <span className={classes.what}>
              <BellChip bell={bell} isQuiet /> <span>{says}</span>
            </span>
            <Heard by={listenersOf(house, bell)} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Heard({ by }: { by: readonly string[] }) {
  return (
    <span className={classes.heard}>
      {by.length === 0 ? 'heard by nobody but this page' : `heard by ${by.join(', ')}`}
    </span>
  );
}
