import { FacetList } from '@carillon-examples/pages';
import { Stack, Switch } from '@mantine/core';
import { formatLanguage } from '../format/language.js';
import type { ResultOf } from '../live/library.js';
import type { Search } from './search.js';
import { YearRange } from './year-range.js';

interface FiltersProps {
  readonly search: Search;
  readonly change: (changes: Partial<Search>) => void;
  readonly facets: ResultOf<'SearchCatalogue'>['facets'] | undefined;
}

/** All that an answer can be narrowed down by, each with how many titles would be left. */
export function Filters({ search, change, facets }: FiltersProps) {
  return (
    <Stack gap="xl">
      <Switch
        label="Available now"
        checked={search.availableOnly}
        onChange={(event) => change({ availableOnly: event.currentTarget.checked })}
      />
      <FacetList
        name="Author"
        choices={facets?.authors}
        chosen={search.author}
        onChoose={(author) => change({ author })}
      />
      <FacetList
        name="Language"
        choices={facets?.languages}
        chosen={search.language}
        label={formatLanguage}
        onChoose={(language) => change({ language })}
      />
      <YearRange from={search.yearFrom} to={search.yearTo} onChange={change} />
    </Stack>
  );
}
