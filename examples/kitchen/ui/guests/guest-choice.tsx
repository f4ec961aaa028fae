import { notify } from '@carillon-examples/pages';
import { Group, SegmentedControl, Text } from '@mantine/core';
import { useId } from 'react';
import { useHouse } from '../house/house.js';
import { useTell } from '../live/kitchen.js';

/** How many parties come in a minute of the real clock. */
const choices = [
  { value: '0', label: 'None' },
  { value: '6', label: 'A few' },
  { value: '15', label: 'Busy' },
  { value: '60', label: 'Rush' },
];

/** Lets simulated guests come. */
export function GuestChoice() {
  const labelId = useId();
  const { tell } = useTell();
  const perMinute = useHouse().bells.result?.guestsPerMinute ?? 0;
  // Somebody may have chosen another number elsewhere.
  const nearest = [...choices].reverse().find(({ value }) => Number(value) <= perMinute)?.value ?? '0';
  const choose = async (value: string) => {
    if (value !== '0') return tell('OpenDoors', { perMinute: Number(value) });
    await tell('CloseDoors', {});
    if (perMinute > 0) notify('No more guests come. Those who are here finish their meal, and leave.');
  };
  return (
    <Group gap="xs">
      <Text size="sm" fw={600} id={labelId}>
        Simulated guests
      </Text>
      <SegmentedControl
        aria-labelledby={labelId}
        size="sm"
        data={choices}
        value={nearest}
        onChange={(value) => void choose(value)}
        bg="var(--trough)"
      />
    </Group>
  );
}
