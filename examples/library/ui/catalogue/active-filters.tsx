import { Button, Group, Pill } from '@mantine/core';
import { formatLanguage } from '../format/language.js';
import { formatYear } from '../format/year.js';
import { noFilters, type Search } from './search.js';

/** What the answer is narrowed down to, each with a way to undo it. */
export function ActiveFilters({ search, change }: { search: Search; change: (changes: Partial<Search>) => void }) {
  const filters: [words: string, undo: Partial<Search>][] = [];
  if (search.author !== undefined) filters.push([search.author, { author: undefined }]);
  if (search.language !== undefined) filters.push([formatLanguage(search.language), { language: undefined }]);
  if (search.yearFrom !== undefined) filters.push([`From ${formatYear(search.yearFrom)}`, { yearFrom: undefined }]);
  if (search.yearTo !== undefined) filters.push([`To ${formatYear(search.yearTo)}`, { yearTo: undefined }]);
  if (search.availableOnly) filters.push(['Available now', { availableOnly: false }]);
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
