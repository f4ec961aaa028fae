import { Button, Text } from '@mantine/core';
import { Empty } from '../shell/empty.js';
import { noFilters, type Search } from './search.js';

/** An answer without products, and what can be done about it. */
export function NothingFound({ search, change }: { search: Search; change: (changes: Partial<Search>) => void }) {
  const isFiltered = Object.keys(noFilters).some((name) => search[name as keyof Search] !== undefined);
  return (
    <Empty title={search.text === '' ? 'No product fits these filters' : `No product fits “${search.text}”`}>
      <Text size="sm">
        {isFiltered ? 'There may be some without the filters.' : 'Try fewer words, or only their beginnings.'}
      </Text>
      {isFiltered && (
        <Button variant="default" size="xs" mt="xs" onClick={() => change(noFilters)}>
          Search without filters
        </Button>
      )}
    </Empty>
  );
}
