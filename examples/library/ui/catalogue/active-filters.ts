import type { ActiveFilter } from '@carillon-examples/pages';
import { formatLanguage } from '../format/language.js';
import { formatYear } from '../format/year.js';
import type { Search } from './search.js';

/** What a search is narrowed down to. */
export function activeFilters(search: Search): readonly ActiveFilter<Partial<Search>>[] {
  const filters: ActiveFilter<Partial<Search>>[] = [];
  if (search.author !== undefined) filters.push([search.author, { author: undefined }]);
  if (search.language !== undefined) filters.push([formatLanguage(search.language), { language: undefined }]);
  if (search.yearFrom !== undefined) filters.push([`From ${formatYear(search.yearFrom)}`, { yearFrom: undefined }]);
  if (search.yearTo !== undefined) filters.push([`To ${formatYear(search.yearTo)}`, { yearTo: undefined }]);
  if (search.availableOnly) filters.push(['Available now', { availableOnly: false }]);
  return filters;
}
