import { ActiveFilters, PageHeading, SearchBox, SearchColumns, SortChoice } from '@carillon-examples/pages';
import { Anchor, Stack } from '@mantine/core';
import { useLiveQuery } from '../live/shop.js';
import { activeFilters } from './active-filters.js';
import { CategoryTiles } from './category-tiles.js';
import { Filters } from './filters.js';
import { FoundProducts } from './found-products.js';
import { totalInWords } from './in-words.js';
import { noFilters, questionOf, sortOf, useSearch } from './search.js';
import { sortsOf } from './sorts.js';

/** The shop window, or the page of a category: search while typing, narrow down, and see what can be had now. */
export function AssortmentPage() {
  const [search, change] = useSearch();
  const found = useLiveQuery('SearchProducts', questionOf(search));
  const { result } = found;
  const { category, text } = search;
  const filters = activeFilters(search);
  const isWindow = text === '' && filters.length === 0;

  return (
    <Stack gap="lg">
      {category !== undefined && (
        <Anchor href="#/" size="sm" w="fit-content" mb={-12}>
          All products
        </Anchor>
      )}
      <PageHeading place={category ?? 'window'}>{category ?? 'Everyday things'}</PageHeading>
      <SearchBox
        label="Search the shop"
        placeholder="What are you looking for?"
        text={text}
        onChange={(typed) => change({ text: typed })}
        isLoading={found.isLoading}
      />
      {isWindow && result !== undefined && <CategoryTiles categories={result.facets.categories} />}
      <SearchColumns
        what="products"
        total={result && totalInWords(result.total)}
        filters={<Filters search={search} change={change} withoutCategories={isWindow} facets={result?.facets} />}
        sortChoice={
          <SortChoice
            choices={sortsOf(search)}
            chosen={sortOf(search)}
            onChoose={(sort) => change({ sort })}
            width={145}
          />
        }
      >
        <ActiveFilters filters={filters} none={noFilters} change={change} />
        <FoundProducts found={found} search={search} change={change} />
      </SearchColumns>
    </Stack>
  );
}
