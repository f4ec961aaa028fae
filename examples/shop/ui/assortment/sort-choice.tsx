import { NativeSelect } from '@mantine/core';
import type { Search, Sort } from './search.js';

const choices: { value: Sort; label: string }[] = [
  { value: 'relevance', label: 'Best match' },
  { value: 'popularity', label: 'Popular' },
  { value: 'price-low', label: 'Lowest price' },
  { value: 'price-high', label: 'Highest price' },
];

/** What comes first. */
export function SortChoice({ search, change }: { search: Search; change: (changes: Partial<Search>) => void }) {
  return (
    <NativeSelect
      w={145}
      aria-label="Sort by"
      value={search.sort}
      data={choices.filter((choice) => choice.value !== 'relevance' || search.text !== '')}
      onChange={(event) => change({ sort: event.currentTarget.value as Sort })}
    />
  );
}
