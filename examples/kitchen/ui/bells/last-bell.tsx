import { useHouse } from '../house/house.js';
import { BellChip } from './bell-chip.js';
import classes from './last-bell.module.css';

/** On small screens: the bell that rang last, wherever one has scrolled to. The ticker says the same. */
export function LastBell() {
  const last = useHouse().bells.result?.rung[0];
  if (last === undefined) return null;
  return (
    <div className={classes.bar} aria-hidden="true">
      <BellChip bell={last.bell} isQuiet /> <span className={classes.says}>{last.says}</span>
    </div>
  );
}
