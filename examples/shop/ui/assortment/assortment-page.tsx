import { Anchor, Box, Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLiveQuery } from '../live/use-live-query.js';
import { PageHeading } from '../shell/page-heading.js';
import { ActiveFilters } from './active-filters.js';
import classes from './assortment-page.module.css';
import { CategoryTiles } from './category-tiles.js';
import { Filters } from './filters.js';
import { totalInWords } from './in-words.js';
import { ResultPage } from './result-page.js';
import { questionOf, useSearch } from './search.js';
import { SearchBox } from './search-box.js';
import { SortChoice } from './sort-choice.js';

/** The shop window, or the page of a category: search while typing, narrow down, and see what can be had now. */
export function AssortmentPage() {
  const [search, change] = useSearch();
  const found = useLiveQuery('SearchProducts', questionOf(search));
  const [filtersOpen, { open, close }] = useDisclosure(false);
  const { category, text, prices, availability } = search;
  const isWindow = category === undefined && text === '' && prices === undefined && availability === undefined;
  const filters = (
    <Filters search={search} change={change} withoutCategories={isWindow} facets={found.result?.facets} />
  );

  return (
    <Stack gap="lg">
      {category !== undefined && (
        <Anchor href="#/" size="sm" w="fit-content" mb={-12}>
          All products
        </Anchor>
      )}
      <PageHeading place={category ?? 'window'}>{category ?? 'Everyday things'}</PageHeading>
      <SearchBox text={search.text} onChange={(text) => change({ text })} isLoading={found.isLoading} />
      {isWindow && found.result !== undefined && <CategoryTiles categories={found.result.facets.categories} />}
      <div className={classes.columns}>
        <Box component="aside" aria-label="Filters" visibleFrom="md">
          {filters}
        </Box>
        <Stack gap="md" miw={0}>
          <Group justify="space-between" gap="xs">
            <Text role="status" className={classes.total}>
              {found.result === undefined ? ' ' : totalInWords(found.result.total)}
            </Text>
            <Group gap="xs" wrap="nowrap">
              <Button variant="default" px="sm" hiddenFrom="md" onClick={open}>
                Filters
              </Button>
              <SortChoice search={search} change={change} />
            </Group>
          </Group>
          <ActiveFilters search={search} change={change} />
          <ResultPage found={found} search={search} change={change} number={1} />
        </Stack>
      </div>
      <Drawer
        opened={filtersOpen}
        onClose={close}
        title="Filters"
        position="bottom"
        size="85%"
        radius="lg"
        hiddenFrom="md"
        closeButtonProps={{ 'aria-label': 'Close the filters' }}
      >
        <Stack gap="xl">
          {filters}
          <Button onClick={close}>
            Show {found.result === undefined ? 'products' : totalInWords(found.result.total)}
          </Button>
        </Stack>
      </Drawer>
    </Stack>
  );
}
