import { Card, Refusal } from '@carillon-examples/pages';
import { Group, Loader, SegmentedControl, Stack, Text } from '@mantine/core';
import { useCommand, useLiveQuery } from '../live/shop.js';

const rates = [0, 10, 60, 300, 1_200];

/** Lets simulated customers in: from nobody to more than one can follow. */
export function CrowdCard() {
  const { result } = useLiveQuery('SimulatedCustomers', {});
  const change = useCommand('SetSimulatedCustomers');
  const rate = result?.ordersPerMinute ?? 0;
  const choices = rates.includes(rate) ? rates : [...rates, rate].sort((a, b) => a - b);
  return (
    <Card
      title="Simulated customers"
      aside={rate > 0 && <Loader size="xs" type="dots" aria-label="They are shopping" />}
    >
      <Stack gap="xs">
        <Group gap="sm">
          <Text size="sm" id="rate">
            Orders a minute
          </Text>
          <SegmentedControl
            bg="var(--trough)"
            aria-labelledby="rate"
            disabled={result === undefined}
            data={choices.map((one) => ({
              value: String(one),
              label: one === 0 ? 'Off' : one.toLocaleString('en'),
            }))}
            value={String(rate)}
            onChange={(next) => void change.send({ ordersPerMinute: Number(next) })}
          />
          <Text size="sm" role="status">
            {rate === 0 ? 'Nobody is shopping.' : `About ${rate.toLocaleString('en')} orders a minute.`}
          </Text>
        </Group>
        <Text size="sm" c="var(--ink-soft)">
          They search, buy, change their minds and send things back, all by the same commands as everybody. What is sold
          out meanwhile comes in again.
        </Text>
        <Refusal problem={change.problem} />
      </Stack>
    </Card>
  );
}
