import type { Tone } from '@carillon-examples/pages';
import { demonstrationPace } from '../../src/pace.js';
import classes from './age.module.css';
import { useNow } from './now.js';

/** From how many minutes of the kitchen on something takes long, and too long. */
export const longMinutes = 10;
export const tooLongMinutes = 16;

/** How old something is, in minutes of the kitchen. */
export function useMinutesSince(since: string): number {
  return Math.max(0, (useNow() - Date.parse(since)) / demonstrationPace.minuteMs);
}

/** What an age looks like. */
export function ageTone(minutes: number): Tone {
  if (minutes >= tooLongMinutes) return 'late';
  return minutes >= longMinutes ? 'busy' : 'good';
}

/** How long ago something happened, by the kitchen's clock. Where there is little room, phones show the bare number. */
export function Age({ since, isTight = false }: { since: string; isTight?: boolean }) {
  const minutes = useMinutesSince(since);
  return (
    <span className={classes.age} data-tone={ageTone(minutes)} data-is-tight={isTight || undefined}>
      {Math.floor(minutes)}
      <span className={classes.unit}> min</span>
    </span>
  );
}
