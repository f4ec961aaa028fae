import { integer, json, query, readModel, table, text } from 'carillon';
import { z } from 'zod';
import { CopyBorrowed, TitleAdded } from '../circulation/events.js';

const titles = table({
  columns: { titleId: text(), title: text(), authors: json<string[]>(), firstAuthor: text() },
  key: 'titleId',
  indexes: ['firstAuthor'],
});

const readers = table({
  columns: { memberId: text(), titleIds: json<string[]>() },
  key: 'memberId',
});

const pairs = table({
  columns: { titleId: text(), otherId: text(), readers: integer() },
  key: ['titleId', 'otherId'],
});

/** How many titles of one reader are looked at: the latest. It bounds the work for one loan. */
const remembered = 30;

/** Which titles the same readers borrow. */
export const recommendations = readModel('recommendations', { tables: { titles, readers, pairs } })
  .on(TitleAdded, ({ titleId, title, authors }, db) =>
    db.titles.insert({ titleId, title, authors, firstAuthor: authors[0] ?? '' }),
  )
  .on(CopyBorrowed, async ({ titleId, memberId }, db) => {
    const earlier = (await db.readers.get(memberId))?.titleIds ?? [];
    if (earlier.includes(titleId)) return;
    for (const otherId of earlier) {
      for (const pair of [
        { titleId, otherId },
        { titleId: otherId, otherId: titleId },
      ]) {
        db.pairs.update(pair, ({ readers }) => ({ readers: readers + 1 }), { ...pair, readers: 1 });
      }
    }
    db.readers.upsert({ memberId, titleIds: [...earlier, titleId].slice(-remembered) });
  });

const result = z.array(
  z.object({
    titleId: z.string(),
    title: z.string(),
    authors: z.array(z.string()),
    because: z.enum(['borrowed-together', 'same-author']),
  }),
);

export const RecommendedTitles = query('RecommendedTitles', {
  description: 'What readers of a title also borrowed; as long as nobody did, what else its author wrote.',
  params: z.object({ titleId: z.string(), limit: z.int().min(1).max(50).default(8) }),
  from: recommendations,
  result,
  run: async (db, { titleId, limit }): Promise<z.infer<typeof result>> => {
    const together = await db
      .selectFrom('pairs')
      .innerJoin('titles', 'titles.titleId', 'pairs.otherId')
      .select(['titles.titleId', 'titles.title', 'titles.authors'])
      .where('pairs.titleId', '=', titleId)
      .orderBy('pairs.readers', 'desc')
      .orderBy('titles.titleId')
      .limit(limit)
      .execute();
    if (together.length > 0) return together.map((title) => ({ ...title, because: 'borrowed-together' }));
    const sameAuthor = await db
      .selectFrom('titles')
      .select(['titleId', 'title', 'authors'])
      .where('firstAuthor', '=', db.selectFrom('titles').select('firstAuthor').where('titleId', '=', titleId))
      .where('firstAuthor', '!=', '')
      .where('titleId', '!=', titleId)
      .orderBy('titleId')
      .limit(limit)
      .execute();
    return sameAuthor.map((title) => ({ ...title, because: 'same-author' }));
  },
});
