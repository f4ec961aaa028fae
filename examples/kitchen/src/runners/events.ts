// What runners call out.
import { event } from 'carillon';
import { z } from 'zod';

export const CourseServed = event('CourseServed', {
  description: 'A course is on its table.',
  data: z.object({ ticketId: z.string(), table: z.string(), course: z.int(), plates: z.int() }),
  tags: (e) => ({ ticket: e.ticketId, table: e.table }),
});

/** What other modules may know: all of them. */
export const published = [CourseServed] as const;
