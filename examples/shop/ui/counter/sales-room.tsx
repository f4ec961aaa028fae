import { Card, Empty, Problem } from '@carillon-examples/pages';
import { SegmentedControl, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { formatMoney } from '../format/money.js';
import { useLiveQuery } from '../live/shop.js';
import { everyDay, lastDays, type SalesDay } from './sales-days.js';
import { SalesTable } from './sales-table.js';

/** Only who looks at sales needs what draws them. */
const SalesChart = lazy(() => import('./sales-chart.js'));

const ranges = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
];

/** What was sold day by day. It grows while somebody looks. */
export function SalesRoom() {
  const [range, setRange] = useState('30');
  const dates = useMemo(() => lastDays(Number(range)), [range]);
  const { result: rows, problem, retry } = useLiveQuery('SalesByDay', dates);
  const currencies = [...new Set(rows?.map((row) => row.currency))];
  return (
    <Stack gap="lg">
      <SegmentedControl
        w="fit-content"
        bg="var(--trough)"
        aria-label="How far back"
        data={ranges}
        value={range}
        onChange={setRange}
      />
      {problem !== undefined && <Problem what="The sales could not be shown" why={problem} onRetry={retry} />}
      {rows === undefined && problem === undefined && (
        <Skeleton height={360} radius="lg" role="status" aria-label="Adding up" />
      )}
      {rows?.length === 0 && <Empty title={`Nothing was sold in ${range} days`} />}
      {rows !== undefined &&
        currencies.map((currency) => (
          <CurrencySales key={currency} days={everyDay(rows, dates.from, dates.to, currency)} currency={currency} />
        ))}
    </Stack>
  );
}

function CurrencySales({ days, currency }: { days: readonly SalesDay[]; currency: string }) {
  const sum = (value: (day: SalesDay) => number) => days.reduce((total, day) => total + value(day), 0);
  const orders = sum((day) => day.orders);
  const amount = sum((day) => day.amount);
  const refunded = sum((day) => day.refunded);
  return (
    <Card title={`Sales in ${currency}`}>
      <Text>
        <b>{formatMoney({ amount, currency })}</b> from{' '}
        {orders === 1 ? '1 order' : `${orders.toLocaleString('en')} orders`}
        {refunded > 0 && `, of which ${formatMoney({ amount: refunded, currency })} given back`}
      </Text>
      <Suspense fallback={<Skeleton height={300} radius="md" />}>
        <SalesChart days={days} currency={currency} />
      </Suspense>
      <VisuallyHidden>The same day by day in a table:</VisuallyHidden>
      <SalesTable days={days} currency={currency} />
    </Card>
  );
}
