import { Group, NumberInput, Text } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useId } from 'react';

interface YearRangeProps {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly onChange: (changes: { yearFrom: number | undefined } | { yearTo: number | undefined }) => void;
}

/** When the books were first published. Years before our era are negative. */
export function YearRange({ from, to, onChange }: YearRangeProps) {
  const headingId = useId();
  const change = useDebouncedCallback(onChange, 300);
  return (
    <section aria-labelledby={headingId}>
      <Text component="h2" id={headingId} fw={600} size="sm" mb={6}>
        First published
      </Text>
      <Group gap="xs" wrap="nowrap" grow>
        <Year label="From year" placeholder="From" value={from} onChange={(yearFrom) => change({ yearFrom })} />
        <Year label="To year" placeholder="To" value={to} onChange={(yearTo) => change({ yearTo })} />
      </Group>
    </section>
  );
}

interface YearProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: number | undefined;
  readonly onChange: (year: number | undefined) => void;
}

function Year({ label, placeholder, value, onChange }: YearProps) {
  return (
    <NumberInput
      aria-label={label}
      placeholder={placeholder}
      hideControls
      allowDecimal={false}
      min={-3000}
      max={9999}
      value={value ?? ''}
      onChange={(year) => onChange(typeof year === 'number' ? year : undefined)}
    />
  );
}
