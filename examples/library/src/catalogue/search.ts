import { type QueryDatabase, query } from 'carillon';
import { z } from 'zod';
import { authorKey } from './author-key.js';
import { catalogue } from './catalogue.js';
import { cursor, sort, writeCursor } from './cursor.js';

const params = z.object({
  /** Words of the title and its authors. The last may be unfinished; case and diacritics do not matter. */
  text: z.string().max(500).optional(),
  /** A full name; case and diacritics do not matter. */
  author: z.string().max(200).optional(),
  language: z.string().max(35).optional(),
  yearFrom: z.int().optional(),
  yearTo: z.int().optional(),
  availableOnly: z.boolean().default(false),
  /** Default: by relevance when there is a text, otherwise by popularity. */
  sort: sort.optional(),
  limit: z.int().min(1).max(100).default(20),
  /** The `next` of the page before. */
  after: cursor.optional(),
});
type Params = z.infer<typeof params>;

const facet = z.array(z.object({ value: z.string(), count: z.int() }));
const result = z.object({
  total: z.int(),
  items: z.array(
    z.object({
      titleId: z.string(),
      title: z.string(),
      authors: z.array(z.string()),
      year: z.int().nullable(),
      copies: z.int(),
      available: z.int(),
    }),
  ),
  /** Where the next page begins; not there on the last. */
  next: z.string().optional(),
  facets: z.object({ authors: facet, languages: facet }),
});

/** What each order goes by, the highest first. */
const ranks = { relevance: 'ranking.relevance', popularity: 'titles.popularity', year: 'titles.sortYear' } as const;

export const SearchCatalogue = query('SearchCatalogue', {
  description:
    'Titles that fit, one page at a time, and how many titles each choice of author or language would leave.',
  params,
  from: catalogue,
  result,
  run: async (db, p): Promise<z.infer<typeof result>> => {
    const { total } = await matching(db, p)
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return { total, ...(await page(db, p)), facets: await facets(db, p) };
  },
});

type Database = QueryDatabase<(typeof catalogue)['tables']>;

function matching(db: Database, p: Params) {
  let found = db.search('titles', p.text ?? '');
  if (p.author !== undefined) {
    const byAuthor = db.selectFrom('titleAuthors').select('titleId').where('authorKey', '=', authorKey(p.author));
    found = found.where('titles.titleId', 'in', byAuthor);
  }
  if (p.language !== undefined) found = found.where('titles.language', '=', p.language);
  if (p.yearFrom !== undefined) found = found.where('titles.year', '>=', p.yearFrom);
  if (p.yearTo !== undefined) found = found.where('titles.year', '<=', p.yearTo);
  return p.availableOnly ? found.where('titles.available', '>', 0) : found;
}

/**
 * A page goes on after the last title of the page before, wherever that is by then, instead of counting rows: what is added or
 * lent meanwhile neither repeats a title nor leaves one out, but for the few whose own popularity passes that place.
 */
async function page(db: Database, p: Params) {
  const sort = p.after?.sort ?? p.sort ?? (p.text ? 'relevance' : 'popularity');
  const rank = ranks[sort];
  let rows = matching(db, p);
  if (p.after !== undefined) {
    const { titleId } = p.after;
    const last = sort === 'relevance' ? await relevance(db, p.text, titleId) : p.after.rank;
    rows = rows.where((row) =>
      row.or([row(rank, '<', last), row.and([row(rank, '=', last), row('titles.titleId', '>', titleId)])]),
    );
  }
  const found = await rows
    .select(['titles.titleId', 'titles.title', 'titles.authors', 'titles.year', 'titles.copies', 'titles.available'])
    .select([`${rank} as rank`])
    .orderBy(rank, 'desc')
    .orderBy('titles.titleId')
    .limit(p.limit + 1)
    .execute();
  const items = found.slice(0, p.limit).map(({ rank: _, ...item }) => item);
  const last = found[p.limit - 1];
  const isLastPage = last === undefined || found.length <= p.limit;
  return isLastPage ? { items } : { items, next: writeCursor({ sort, rank: last.rank, titleId: last.titleId }) };
}

/** A title's relevance changes a little with every title that is added: asked again, it is comparable to the others'. */
async function relevance(db: Database, text: string | undefined, titleId: string): Promise<number> {
  const found = await db
    .search('titles', text ?? '')
    .select('ranking.relevance')
    .where('titles.titleId', '=', titleId)
    .executeTakeFirst();
  return found?.relevance ?? 0;
}

/** Each filter's choices as if it were not set: choosing another one changes the choice. */
async function facets(db: Database, p: Params) {
  const authors = await matching(db, { ...p, author: undefined })
    .innerJoin('titleAuthors', 'titleAuthors.titleId', 'titles.titleId')
    .select(({ fn }) => ['titleAuthors.author as value', fn.countAll<number>().as('count')])
    .groupBy('titleAuthors.author')
    .orderBy('count', 'desc')
    .orderBy('value')
    .limit(10)
    .execute();
  const languages = await matching(db, { ...p, language: undefined })
    .where('titles.language', 'is not', null)
    .select(({ fn }) => ['titles.language as value', fn.countAll<number>().as('count')])
    .$narrowType<{ value: string }>()
    .groupBy('titles.language')
    .orderBy('count', 'desc')
    .orderBy('value')
    .limit(10)
    .execute();
  return { authors, languages };
}
