import type { ReactNode } from 'react';
import { href, useRoute } from '../route/route.js';
import classes from './shell.module.css';

interface PlaceLinkProps {
  /** The first segment of the place's addresses; without it, the first place. */
  readonly segment?: string;
  /** Other first segments whose addresses belong to the place. */
  readonly also?: readonly string[];
  readonly children: ReactNode;
}

/** The way to a place. It shows when we are there. */
export function PlaceLink({ segment, also = [], children }: PlaceLinkProps) {
  const [here] = useRoute().path;
  const isHere = here === segment || (here !== undefined && also.includes(here));
  return (
    <a
      href={href(segment === undefined ? [] : [segment])}
      className={classes.place}
      aria-current={isHere ? 'page' : undefined}
    >
      {children}
    </a>
  );
}
