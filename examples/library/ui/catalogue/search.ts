import { href, replaceRoute, useRoute } from '@carillon-examples/pages';
import type { ParamsOfQuery } from 'carillon/client';
import type { Library } from '../live/library.js';

/** How the answer can be sorted. */
export type Sort = 'relevance' | 'popularity' | 'year';

/** What is looked for. It lives in the address: a search can be bookmarked, and "back" finds it again. */
export interface Search {
  readonly text: string;
  readonly author: string | undefined;
  readonly language: string | undefined;
  readonly yearFrom: number | undefined;
  readonly yearTo: number | undefined;
  readonly availableOnly: boolean;
  /** What was chosen. Without it, what fits best comes first, or what is most popular where there are no words to fit. */
  readonly sort: Sort | undefined;
  /** How many pages of the answer are shown. */
  readonly pages: number;
}

const pageSize = 24;

/** A search that is not narrowed down. */
export const noFilters = {
  author: undefined,
  language: undefined,
  yearFrom: undefined,
  yearTo: undefined,
  availableOnly: false,
} satisfies Partial<Search>;

/** The search of the address, and how to change parts of it. A changed question starts at its first page. */
export function useSearch(): [Search, (changes: Partial<Search>) => void] {
  const search = readSearch(useRoute().params);
  return [search, (changes) => replaceRoute(addressOf({ ...search, pages: 1, ...changes }))];
}

/** The search of an address. What makes no sense in it is left out. */
export function readSearch(params: URLSearchParams): Search {
  const text = params.get('text') ?? '';
  const sort = params.get('sort');
  return {
    text,
    author: params.get('author') ?? undefined,
    language: params.get('language') ?? undefined,
    yearFrom: readInteger(params.get('yearFrom')),
    yearTo: readInteger(params.get('yearTo')),
    availableOnly: params.has('availableOnly'),
    sort: isSort(sort) && sort !== defaultSort(text) ? sort : undefined,
    pages: Math.max(1, readInteger(params.get('pages')) ?? 1),
  };
}

/** The address of a search, with nothing in it that goes without saying. */
export function addressOf(search: Partial<Search>): string {
  const params = new URLSearchParams();
  const text = search.text?.trim() ?? '';
  if (text !== '') params.set('text', text);
  for (const name of ['author', 'language', 'yearFrom', 'yearTo'] as const) {
    if (search[name] !== undefined) params.set(name, String(search[name]));
  }
  if (search.availableOnly === true) params.set('availableOnly', 'true');
  if (search.sort !== undefined && search.sort !== defaultSort(text)) params.set('sort', search.sort);
  if (search.pages !== undefined && search.pages > 1) params.set('pages', String(search.pages));
  return href([], params);
}

/** The question that a search asks. */
export function questionOf(search: Search): ParamsOfQuery<Library, 'SearchCatalogue'> {
  const { author, language, yearFrom, yearTo } = search;
  return {
    ...(search.text !== '' && { text: search.text }),
    ...(author !== undefined && { author }),
    ...(language !== undefined && { language }),
    ...(yearFrom !== undefined && { yearFrom }),
    ...(yearTo !== undefined && { yearTo }),
    ...(search.availableOnly && { availableOnly: true }),
    sort: sortOf(search),
    limit: pageSize,
  };
}

/** How a search is sorted, chosen or not. */
export function sortOf({ text, sort }: Pick<Search, 'text' | 'sort'>): Sort {
  return sort ?? defaultSort(text);
}

function isSort(word: string | null): word is Sort {
  return word === 'relevance' || word === 'popularity' || word === 'year';
}

function defaultSort(text: string): Sort {
  return text.trim() === '' ? 'popularity' : 'relevance';
}

function readInteger(text: string | null): number | undefined {
  return text !== null && /^-?\d{1,6}$/.test(text) ? Number(text) : undefined;
}
