import { ActiveFilters, PageHeading, SearchBox, SearchColumns, SortChoice } from '@carillon-examples/pages';
import { Stack } from '@mantine/core';
import { useLiveQuery } from '../live/library.js';
import { activeFilters } from './active-filters.js';
import { Filters } from './filters.js';
import { FoundTitles } from './found-titles.js';
import { noFilters, questionOf, sortOf, useSearch } from './search.js';
import { sortsOf } from './sorts.js';

/** The catalogue: search while typing, narrow down, and see what can be had now. */
export function CataloguePage() {
  const [search, change] = useSearch();
  const found = useLiveQuery('SearchCatalogue', questionOf(search));
  const { result } = found;

  return (
    <Stack gap="lg">
      <PageHeading place="catalogue">Catalogue</PageHeading>
      <SearchBox
        label="Search the catalogue"
        placeholder="Title or author"
        text={search.text}
        onChange={(text) => change({ text })}
        isLoading={found.isLoading}
      />
      <SearchColumns
        what="titles"
        total={result && totalInWords(result.total)}
        filters={<Filters search={search} change={change} facets={result?.facets} />}
        sortChoice={
          <SortChoice
            choices={sortsOf(search)}
            chosen={sortOf(search)}
            onChoose={(sort) => change({ sort })}
            width={130}
          />
        }
      >
        <ActiveFilters filters={activeFilters(search)} none={noFilters} change={change} />
        <FoundTitles found={found} search={search} change={change} />
      </SearchColumns>
    </Stack>
  );
}

function totalInWords(total: number): string {
  return total === 1 ? '1 title' : `${total.toLocaleString('en')} titles`;
}
