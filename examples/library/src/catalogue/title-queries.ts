import { query } from 'carillon';
import { z } from 'zod';
import { catalogue } from './catalogue.js';

const title = z.object({ titleId: z.string() });

export const TitleDetails = query('TitleDetails', {
  description: 'A title with each of its copies; null when there is no such title.',
  params: title,
  from: catalogue,
  result: z
    .object({
      titleId: z.string(),
      title: z.string(),
      authors: z.array(z.string()),
      year: z.int().nullable(),
      language: z.string().nullable(),
      isbn: z.string().nullable(),
      available: z.int(),
      /** The members for whom no copy is held yet. */
      waiting: z.int(),
      copies: z.array(
        z.object({
          copyId: z.string(),
          kind: z.string(),
          status: z.enum(['in', 'held', 'out']),
          dueOn: z.iso.date().nullable(),
        }),
      ),
    })
    .nullable(),
  run: async (db, { titleId }) => {
    const found = await db
      .selectFrom('titles')
      .select(['titleId', 'title', 'authors', 'year', 'language', 'isbn', 'available', 'reserved'])
      .where('titleId', '=', titleId)
      .executeTakeFirst();
    if (found === undefined) return null;
    const copies = await db
      .selectFrom('copies')
      .select(['copyId', 'kind', 'status', 'dueOn'])
      .where('titleId', '=', titleId)
      .orderBy('copyId')
      .execute();
    const { reserved, ...details } = found;
    return { ...details, waiting: reserved - copies.filter((copy) => copy.status === 'held').length, copies };
  },
});

export const Availability = query('Availability', {
  description: 'How many copies of a title there are, how many are on the shelf, and how many members reserved it.',
  params: title,
  from: catalogue,
  result: z.object({ titleId: z.string(), copies: z.int(), available: z.int(), reserved: z.int() }).nullable(),
  run: async (db, { titleId }) => {
    const found = await db
      .selectFrom('titles')
      .select(['titleId', 'copies', 'available', 'reserved'])
      .where('titleId', '=', titleId)
      .executeTakeFirst();
    return found ?? null;
  },
});
