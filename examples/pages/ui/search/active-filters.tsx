import { Button, Group, Pill } from '@mantine/core';

/** A filter that is set: what to call it, and the change that undoes it. */
export type ActiveFilter<Changes> = readonly [words: string, undo: Changes];

interface ActiveFiltersProps<Changes> {
  readonly filters: readonly ActiveFilter<Changes>[];
  /** The change that undoes them all. */
  readonly none: Changes;
  readonly change: (changes: Changes) => void;
}

/** What the answer is narrowed down to, each with a way to undo it. */
export function ActiveFilters<Changes>({ filters, none, change }: ActiveFiltersProps<Changes>) {
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
      <Button variant="subtle" size="compact-sm" onClick={() => change(none)}>
        Clear all
      </Button>
    </Group>
  );
}
