import type { Duration } from 'carillon';

/** How fast the kitchen's clock runs. */
export interface Pace {
  /** How long a minute in the kitchen takes, in milliseconds. */
  readonly minuteMs: number;
}

/** So that there is something to see: a minute takes a second. */
export const demonstrationPace: Pace = { minuteMs: 1_000 };

/** So many minutes in the kitchen. */
export function minutes({ minuteMs }: Pace, count: number): Duration {
  return { milliseconds: Math.round(count * minuteMs) };
}
