import { FacetList } from '@carillon-examples/pages';
import { Stack } from '@mantine/core';
import type { ResultOf } from '../live/shop.js';
import { availabilityInWords, priceWordInWords } from './in-words.js';
import { readPrices, type Search, writePrices } from './search.js';

interface FiltersProps {
  readonly search: Search;
  readonly change: (changes: Partial<Search>) => void;
  /** Whether the categories are shown elsewhere. */
  readonly withoutCategories: boolean;
  readonly facets: ResultOf<'SearchProducts'>['facets'] | undefined;
}

/** All that an answer can be narrowed down by, each with how many products would be left. */
export function Filters({ search, change, withoutCategories, facets }: FiltersProps) {
  return (
    <Stack gap="xl">
      {!withoutCategories && (
        <FacetList
          name="Category"
          choices={facets?.categories}
          chosen={search.category}
          onChoose={(category) => change({ category })}
        />
      )}
      <FacetList
        name="Price"
        choices={facets?.prices.map(({ count, ...prices }) => ({ value: writePrices(prices), count }))}
        chosen={search.prices && writePrices(search.prices)}
        label={priceWordInWords}
        onChoose={(word) => change({ prices: readPrices(word ?? null) })}
      />
      <FacetList
        name="Availability"
        choices={facets?.availability}
        chosen={search.availability}
        label={availabilityInWords}
        onChoose={(value) => change({ availability: value as Search['availability'] })}
      />
    </Stack>
  );
}
