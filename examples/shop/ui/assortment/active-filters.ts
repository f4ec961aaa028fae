import type { ActiveFilter } from '@carillon-examples/pages';
import { availabilityInWords, pricesInWords } from './in-words.js';
import type { Search } from './search.js';

/** What a search is narrowed down to. */
export function activeFilters({ category, prices, availability }: Search): readonly ActiveFilter<Partial<Search>>[] {
  const filters: ActiveFilter<Partial<Search>>[] = [];
  if (category !== undefined) filters.push([category, { category: undefined }]);
  if (prices !== undefined) filters.push([pricesInWords(prices), { prices: undefined }]);
  if (availability !== undefined) filters.push([availabilityInWords(availability), { availability: undefined }]);
  return filters;
}
