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
  readonly children: ReactNode;
}

/** What one of the modules is at, between the bells it hears and those it rings. */
export function Board({ title, module, aside, idle, isIdle, children }: BoardProps) {
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
      {isIdle ? (
        <Text size="sm" c="dimmed">
          {idle}
        </Text>
      ) : (
        <ul className={classes.work}>{children}</ul>
      )}
    </Panel>
  );
}
