import { Problem } from '@carillon-examples/pages';
import { Text } from '@mantine/core';
import { useLiveQuery } from '../live/kitchen.js';
import { Panel } from '../shell/panel.js';
import classes from './shift-figures.module.css';

/** What the manager has counted today. */
export function ShiftFigures() {
  const { result, problem, retry } = useLiveQuery('ShiftReport', { limit: 1 });
  const day = result?.[0];
  return (
    <Panel title="The manager only listens" aside={day === undefined ? '' : day.day}>
      {problem !== undefined && <Problem what="The report cannot be shown." why={problem} onRetry={retry} />}
      {result !== undefined && day === undefined && (
        <Text size="sm" c="dimmed">
          Nothing to count so far.
        </Text>
      )}
      {day !== undefined && (
        <dl className={classes.figures}>
          <Figure name="guests" value={day.guests} />
          <Figure name="orders" value={day.orders} />
          <Figure name="dishes ordered" value={day.dishes} />
          <Figure name="plates served" value={day.plates} />
          <Figure name="orders voided" value={day.voided} />
          <Figure name="tables cleared" value={day.tablesCleared} />
          <Figure name="times sold out" value={day.eightySixed} />
        </dl>
      )}
    </Panel>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value.toLocaleString('en')}</dd>
    </div>
  );
}
