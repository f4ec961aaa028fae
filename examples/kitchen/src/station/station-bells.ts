import { event } from 'carillon';
import { z } from 'zod';
import type { StationName } from '../menu.js';

/** A dish that a station has to make. */
export const work = z.object({
  itemId: z.string(),
  ticketId: z.string(),
  table: z.string(),
  course: z.int(),
  dish: z.string(),
});
export type Work = z.infer<typeof work>;

/** The bells of one station. Each station has its own: `label` begins their names. */
export function stationBells<const Label extends string>(name: StationName, label: Label) {
  const tags = (e: Work) => ({ station: name, item: e.itemId, ticket: e.ticketId });
  return {
    /** Every place is taken: the dish waits. */
    Queued: event(`${label}Queued`, { data: work, tags }),
    Started: event(`${label}Started`, { data: work, tags }),
    /** The dish stands at the pass. */
    Prepared: event(`${label}Prepared`, { data: work, tags }),
    /** Nobody wants the dish any more. */
    Dropped: event(`${label}Dropped`, { data: work, tags }),
  };
}
