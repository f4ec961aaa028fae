import { ValidationError } from 'carillon';
import type { RunningApplication } from 'carillon/runtime';
import { testApplication } from 'carillon/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CopyAdded, CopyBorrowed, TitleAdded } from '../circulation/events.js';
import { library } from '../library.js';
import { SearchCatalogue } from './search.js';

type Params = Parameters<typeof SearchCatalogue>[0];

const title = (titleId: string, title: string, author: string, year?: number, language?: string) =>
  TitleAdded({ titleId, title, authors: author.split(' & '), ...(year && { year }), ...(language && { language }) });

const titles = [
  title('emma', 'Emma', 'Jane Austen', 1815, 'eng'),
  title('omens', 'Good Omens', 'Terry Pratchett & Neil Gaiman', 1990, 'eng'),
  title('gods', 'American Gods', 'Neil Gaiman', 2001, 'eng'),
  title('soledad', 'Cien años de soledad', 'Gabriel García Márquez', 1967, 'spa'),
  title('iliad', 'The Iliad', 'Homer', -750, 'eng'),
  title('beowulf', 'Beowulf', 'Anonymous'),
];
const copy = (titleId: string, number: number) => CopyAdded({ copyId: `${titleId}-${number}`, titleId, kind: 'book' });
const lent = (titleId: string, number: number) =>
  CopyBorrowed({ copyId: `${titleId}-${number}`, titleId, memberId: 'ada', dueOn: '2026-01-29' });

let running: RunningApplication;
beforeEach(async () => {
  running = await testApplication(library);
  await running.log.append([
    ...titles,
    copy('gods', 1),
    copy('gods', 2),
    lent('gods', 1),
    copy('emma', 1),
    lent('emma', 1),
  ]);
});
afterEach(() => running.close());

async function search(params: Params) {
  return (await running.query(SearchCatalogue(params), { after: await running.log.head() })).result;
}
async function found(params: Params) {
  return (await search(params)).items.map((item) => item.titleId);
}

describe('SearchCatalogue', () => {
  it('finds words of title and authors, unfinished ones, and without diacritics', async () => {
    expect(await found({ text: 'gaiman' })).toEqual(expect.arrayContaining(['omens', 'gods']));
    expect(await found({ text: 'garcia anos' })).toEqual(['soledad']);
    expect(await found({ text: 'pratch' })).toEqual(['omens']);
    expect(await found({ text: 'gaiman god' })).toEqual(['gods']);
    expect(await found({ text: 'xyzzy' })).toEqual([]);
  });

  it('filters by author, language, years and availability', async () => {
    expect(await found({ author: 'neil gaiman' })).toEqual(['gods', 'omens']);
    expect(await found({ author: 'Gaiman' })).toEqual([]);
    expect(await found({ language: 'spa' })).toEqual(['soledad']);
    expect(await found({ yearFrom: 1900, yearTo: 1990, sort: 'year' })).toEqual(['omens', 'soledad']);
    expect(await found({ yearTo: 0 })).toEqual(['iliad']);
    expect(await found({ availableOnly: true })).toEqual(['gods']);
  });

  it('says what it found', async () => {
    expect(await search({ text: 'american' })).toEqual({
      total: 1,
      items: [
        { titleId: 'gods', title: 'American Gods', authors: ['Neil Gaiman'], year: 2001, copies: 2, available: 1 },
      ],
      facets: { authors: [{ value: 'Neil Gaiman', count: 1 }], languages: [{ value: 'eng', count: 1 }] },
    });
  });

  it('sorts by popularity and by year, those without a year last', async () => {
    expect(await found({})).toEqual(['gods', 'emma', 'beowulf', 'iliad', 'omens', 'soledad']);
    expect(await found({ sort: 'year' })).toEqual(['gods', 'omens', 'soledad', 'emma', 'iliad', 'beowulf']);
  });

  it('counts what each choice would leave, the chosen filter not counted', async () => {
    const { facets, total } = await search({ author: 'Neil Gaiman', language: 'eng' });
    expect(total).toBe(2);
    expect(facets.authors).toEqual([
      { value: 'Neil Gaiman', count: 2 },
      { value: 'Homer', count: 1 },
      { value: 'Jane Austen', count: 1 },
      { value: 'Terry Pratchett', count: 1 },
    ]);
    expect(facets.languages).toEqual([{ value: 'eng', count: 2 }]);
  });

  it.each([{}, { sort: 'year' }, { text: 'g' }, { text: 'g', sort: 'relevance' }] as const)(
    'comes page by page, nothing twice and nothing left out: %o',
    async (params) => {
      const expected = await found({ ...params, limit: 100 });
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const { items, next, total } = await search({ ...params, limit: 1, ...(after && { after }) });
        expect(total).toBe(expected.length);
        seen.push(...items.map((item) => item.titleId));
        after = next;
      } while (after !== undefined);
      expect(seen).toEqual(expected);
    },
  );

  it('keeps its place while titles are added and copies lent', async () => {
    for (const params of [{}, { text: 'g', sort: 'relevance' }, { sort: 'year' }] as const) {
      const rest = (await found({ ...params, limit: 100 })).slice(2);
      const { next } = await search({ ...params, limit: 2 });
      expect(rest).not.toEqual([]);
      await running.log.append([
        title(`new-${JSON.stringify(params)}`, 'The Great Gatsby', 'F. Scott Fitzgerald', 2030),
        copy('gods', 3 + Object.keys(params).length),
      ]);
      const later = await found({ ...params, limit: 100, after: next! });
      expect(later.filter((titleId) => !titleId.startsWith('new-'))).toEqual(rest);
    }
  });

  it('refuses a cursor that it did not make', async () => {
    for (const after of ['', 'x', Buffer.from('{"sort":"year"}').toString('base64url')]) {
      await expect(search({ after })).rejects.toThrow(ValidationError);
    }
  });
});
