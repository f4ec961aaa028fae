import { Button, Group, Pill } from '@mantine/core';
import { availabilityInWords, pricesInWords } from './in-words.js';
import { noFilters, type Search } from './search.js';

/** What the answer is narrowed down to, each with a way to undo it. */
export function ActiveFilters({ search, change }: { search: Search; change: (changes: Partial<Search>) => void }) {
  const filters: [words: string, undo: Partial<Search>][] = [];
  const { category, prices, availability } = search;
  if (category !== undefined) filters.push([category, { category: undefined }]);
  if (prices !== undefined) filters.push([pricesInWords(prices), { prices: undefined }]);
  if (availability !== undefined) filters.push([availabilityInWords(availability), { availability: undefined }]);
  if (filters.length === 0) return null;

  return (
    <Group gap="xs" role="group" aria-label="Active filters">
      {filters.map(([words, undo]) => (
        <Pill
          key={words}
          size="md"
          withRemoveButton
          removeButtonProps={{ 'aria-label': `Remove the filter ${words}`, tabIndex: 0, 'aria-hidden': false }}
          onRemove={() => change(undo)}
        >
          {words}
        </Pill>
      ))}
      <Button variant="subtle" size="compact-sm" onClick={() => change(noFilters)}>
        Clear all
      </Button>
    </Group>
  );
}
