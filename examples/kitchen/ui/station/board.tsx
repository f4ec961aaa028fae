import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { BellChip } from '../bells/bell-chip.js';
import { useHouse } from '../house/house.js';
import { Panel } from '../shell/panel.js';
import classes from './board.module.css';

interface BoardProps {
  readonly title: string;
  /** The module whose board it is: it says for which bells it listens, and which it rings. */
  readonly module: string;
  readonly aside?: string;
  /** What to say when there is nothing to do. */
  readonly idle: string;
  readonly isIdle: boolean;
  /** How much of its work it shows at once. It is always as high, so that nothing below it moves when work comes and goes. */
  readonly size: 'long' | 'middle' | 'short';
  readonly children: ReactNode;
}

/** What one of the modules is at, between the bells it hears and those it rings. */
export function Board({ title, module, aside, idle, isIdle, size, children }: BoardProps) {
  const found = useHouse().modules.find((one) => one.module === module);
  return (
    <Panel title={title} aside={aside}>
      <dl className={classes.bells}>
        <dt>hears</dt>
        <dd>
          {found?.listensFor.map((bell) => (
            <BellChip key={bell} bell={bell} />
          ))}
        </dd>
        <dt>rings</dt>
        <dd>
          {found?.rings.map((bell) => (
            <BellChip key={bell} bell={bell} />
          ))}
        </dd>
      </dl>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
      <ul className={classes.work} data-size={size} tabIndex={0} aria-label={`${title}: what is to be done`}>
        {isIdle ? (
          <Text component="li" size="sm" c="dimmed">
            {idle}
          </Text>
        ) : (
          children
        )}
      </ul>
    </Panel>
  );
}
