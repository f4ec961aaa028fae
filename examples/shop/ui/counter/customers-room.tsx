import { Problem } from '@carillon-examples/pages';
import { Skeleton, Stack } from '@mantine/core';
import { useLiveQuery } from '../live/shop.js';
import { CrowdCard } from './crowd-card.js';
import { OrderCounts } from './order-counts.js';
import { RecentOrders } from './recent-orders.js';

/** What is going on in the shop, now; and simulated customers, so that something is. */
export function CustomersRoom() {
  const { result, problem, retry } = useLiveQuery('RecentOrders', { limit: 15 });
  return (
    <Stack gap="lg">
      <CrowdCard />
      {problem !== undefined && <Problem what="The orders could not be shown" why={problem} onRetry={retry} />}
      {result === undefined && problem === undefined && (
        <Skeleton height={300} radius="lg" role="status" aria-label="Looking at the orders" />
      )}
      {result !== undefined && <OrderCounts counts={result.counts} />}
      {result !== undefined && <RecentOrders orders={result.latest} />}
    </Stack>
  );
}
