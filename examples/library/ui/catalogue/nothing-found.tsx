import { Button, Text } from '@mantine/core';
import { Empty } from '../shell/empty.js';
import { noFilters, type Search } from './search.js';

/** An answer without titles, and what can be done about it. */
export function NothingFound({ search, change }: { search: Search; change: (changes: Partial<Search>) => void }) {
  const isFiltered = Object.entries(noFilters).some(([name, value]) => search[name as keyof Search] !== value);
  return (
    <Empty title={search.text === '' ? 'No title fits these filters' : `No title fits “${search.text}”`}>
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
