import { href, replaceRoute, useRoute } from '@carillon-examples/pages';
import type { ParamsOfQuery } from 'carillon/client';
import type { Shop } from '../live/shop.js';

/** How the answer can be sorted. */
export type Sort = 'relevance' | 'popularity' | 'price-low' | 'price-high';

/** What is looked for. It lives in the address: a search can be bookmarked, and "back" finds it again. */
export interface Search {
  readonly text: string;
  /** The category whose page we are on. */
  readonly category: string | undefined;
  readonly prices: Prices | undefined;
  readonly availability: 'available' | 'sold-out' | undefined;
  /** What was chosen. Without it, what fits best comes first, or what is most popular where there are no words to fit. */
  readonly sort: Sort | undefined;
  /** How many pages of the answer are shown. */
  readonly pages: number;
}

/** Prices from here to there, both included, in the currency's minor unit. */
export interface Prices {
  readonly currency: string;
  readonly from: number;
  readonly to?: number | undefined;
}

const pageSize = 24;

/** A search that is not narrowed down. */
export const noFilters = { category: undefined, prices: undefined, availability: undefined } satisfies Partial<Search>;

/** The search of the address, and how to change parts of it. A changed question starts at its first page. */
export function useSearch(): [Search, (changes: Partial<Search>) => void] {
  const { path, params } = useRoute();
  const search = readSearch(path, params);
  return [search, (changes) => replaceRoute(addressOf({ ...search, pages: 1, ...changes }))];
}

/** The search of an address. What makes no sense in it is left out. */
export function readSearch(path: readonly string[], params: URLSearchParams): Search {
  const text = params.get('text') ?? '';
  const sort = params.get('sort');
  const availability = params.get('availability');
  return {
    text,
    category: path[0] === 'categories' ? path[1] : undefined,
    prices: readPrices(params.get('prices')),
    availability: availability === 'available' || availability === 'sold-out' ? availability : undefined,
    sort: isSort(sort) && sort !== defaultSort(text) ? sort : undefined,
    pages: Math.max(1, readInteger(params.get('pages')) ?? 1),
  };
}

/** The address of a search, with nothing in it that goes without saying. */
export function addressOf(search: Partial<Search>): string {
  const params = new URLSearchParams();
  const text = search.text?.trim() ?? '';
  if (text !== '') params.set('text', text);
  if (search.prices !== undefined) params.set('prices', writePrices(search.prices));
  if (search.availability !== undefined) params.set('availability', search.availability);
  if (search.sort !== undefined && search.sort !== defaultSort(text)) params.set('sort', search.sort);
  if (search.pages !== undefined && search.pages > 1) params.set('pages', String(search.pages));
  return href(search.category === undefined ? [] : ['categories', search.category], params);
}

/** The question that a search asks. */
export function questionOf({
  text,
  category,
  prices,
  availability,
  sort,
}: Search): ParamsOfQuery<Shop, 'SearchProducts'> {
  return {
    ...(text !== '' && { text }),
    ...(category !== undefined && { category }),
    ...(prices !== undefined && { currency: prices.currency, priceFrom: prices.from }),
    ...(prices?.to !== undefined && { priceTo: prices.to }),
    ...(availability !== undefined && { availability }),
    sort: sortOf({ text, sort }),
    limit: pageSize,
  };
}

/** How a search is sorted, chosen or not. */
export function sortOf({ text, sort }: Pick<Search, 'text' | 'sort'>): Sort {
  return sort ?? defaultSort(text);
}

/** Prices as one word: `EUR:1000-2499`, `EUR:10000-`. */
export function writePrices({ currency, from, to }: Prices): string {
  return `${currency}:${from}-${to ?? ''}`;
}

export function readPrices(word: string | null): Prices | undefined {
  const [, currency, from, to] = /^([A-Z]{3}):(\d{1,9})-(\d{0,9})$/.exec(word ?? '') ?? [];
  if (currency === undefined) return undefined;
  return { currency, from: Number(from), ...(to !== '' && { to: Number(to) }) };
}

function isSort(word: string | null): word is Sort {
  return word === 'relevance' || word === 'popularity' || word === 'price-low' || word === 'price-high';
}

function defaultSort(text: string): Sort {
  return text.trim() === '' ? 'popularity' : 'relevance';
}

function readInteger(text: string | null): number | undefined {
  return text !== null && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
