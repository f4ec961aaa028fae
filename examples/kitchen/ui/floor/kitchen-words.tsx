import { Mark } from '@carillon-examples/pages';
import type { ReactNode } from 'react';
import { longMinutes, tooLongMinutes } from '../clock/age.js';
import classes from './kitchen-words.module.css';

/** How people in a kitchen talk, for those who have never worked in one. */
export function KitchenWords() {
  return (
    <dl className={classes.words} aria-label="Words of the kitchen">
      <Word name="Fire">cook this course now</Word>
      <Word name="Pass">where a course waits until all of it is there</Word>
      <Word name="86">sold out, off the menu</Word>
      <Word name="Void">call an order off</Word>
      <Word name="Minutes">
        since it was fired: <Mark tone="good" size="sm">{`under ${longMinutes}`}</Mark>{' '}
        <Mark tone="busy" size="sm">{`from ${longMinutes}`}</Mark>{' '}
        <Mark tone="late" size="sm">{`from ${tooLongMinutes}`}</Mark>
      </Word>
    </dl>
  );
}

function Word({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt> <dd>{children}</dd>
    </div>
  );
}
