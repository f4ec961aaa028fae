import { useStore } from '@carillon-examples/pages';
import { bellOf } from './bell.js';
import classes from './bell-chip.module.css';
import { lastRung } from './ringing.js';

/** A bell by its name. It lights up when it rings. */
export function BellChip({ bell, isQuiet = false }: { bell: string; isQuiet?: boolean }) {
  const rangAt = useStore(lastRung)[bell];
  const { name, tone } = bellOf(bell);
  return (
    <span
      key={isQuiet ? undefined : rangAt}
      className={classes.chip}
      data-tone={tone}
      data-rings={(!isQuiet && rangAt !== undefined) || undefined}
    >
      {name}
    </span>
  );
}
