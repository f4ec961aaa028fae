// What comes out of the dish washer.
import { event } from 'carillon';
import { z } from 'zod';

export const DishesWashed = event('DishesWashed', {
  description: 'Plates are clean and back on the shelf.',
  data: z.object({ table: z.string(), plates: z.int() }),
  tags: (e) => ({ table: e.table }),
});

/** What other modules may know: all of them. */
export const published = [DishesWashed] as const;
