import type { ReactNode } from 'react';
import { Age, ageTone, useMinutesSince } from '../clock/age.js';
import classes from './docket.module.css';

interface DocketProps {
  readonly what: string;
  readonly table: string;
  /** Since when it is wanted: its edge has the colour of its age. */
  readonly since: string;
  /** What is said of it in small letters. */
  readonly note: ReactNode;
  /** How much of it is done, from 0 to 1. */
  readonly done?: number | undefined;
}

/** A slip of paper on a board. */
export function Docket({ what, table, since, note, done }: DocketProps) {
  const tone = ageTone(useMinutesSince(since));
  return (
    <li className={classes.docket} data-tone={tone}>
      <span className={classes.line}>
        <span className={classes.what}>{what}</span>
        <Age since={since} />
      </span>
      <span className={classes.note}>
        Table {table} · {note}
      </span>
      {done !== undefined && (
        <span className={classes.bar} aria-hidden="true">
          <span style={{ width: `${Math.round(Math.min(1, done) * 100)}%` }} />
        </span>
      )}
    </li>
  );
}
