import type { Search, Sort } from './search.js';

const sorts: { value: Sort; label: string }[] = [
  { value: 'relevance', label: 'Best match' },
  { value: 'popularity', label: 'Popular' },
  { value: 'price-low', label: 'Lowest price' },
  { value: 'price-high', label: 'Highest price' },
];

/** How a search can be sorted: by how well it fits only when there are words to fit. */
export function sortsOf({ text }: Search): typeof sorts {
  return sorts.filter(({ value }) => value !== 'relevance' || text !== '');
}
