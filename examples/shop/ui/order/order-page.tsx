import { Empty, PageHeading, Problem } from '@carillon-examples/pages';
import { Anchor, Group, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { formatDay } from '../format/time.js';
import { useLiveQuery } from '../live/shop.js';
import { newsOf } from './order.js';
import { OrderHistory } from './order-history.js';
import { OrderLines } from './order-lines.js';
import { OrderSteps } from './order-steps.js';
import { OrderWish } from './order-wish.js';

/** One order on its way. It moves by itself while somebody looks. */
export function OrderPage({ orderId }: { orderId: string }) {
  const { result: order, isLoading, problem, retry } = useLiveQuery('OrderStatus', { orderId });
  if (problem !== undefined) return <Problem what="The order could not be shown" why={problem} onRetry={retry} />;
  if (isLoading) return <Skeleton height={280} radius="lg" role="status" aria-label="Looking for the order" />;
  if (order == null) return <UnknownOrder orderId={orderId} />;
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <Anchor href="#/orders" size="sm" w="fit-content">
          My orders
        </Anchor>
        <PageHeading place={orderId}>{`Order ${orderId}`}</PageHeading>
        <Text c="var(--ink-soft)">
          {formatDay(order.placedAt)}, for {order.customerId}
        </Text>
      </Stack>
      <Paper withBorder radius="lg" p={{ base: 'md', sm: 'xl' }} bg="var(--sheet)">
        <Stack gap="xl">
          <OrderSteps order={order} />
          <Group justify="space-between" gap="sm">
            <div>
              <Text role="status" fw={600}>
                {newsOf(order)}
              </Text>
              {order.reason !== null && <Text c="var(--ink-soft)">{order.reason}</Text>}
            </div>
            <OrderWish order={order} />
          </Group>
        </Stack>
      </Paper>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing={48} verticalSpacing="xl">
        <OrderLines order={order} />
        <OrderHistory history={order.history} />
      </SimpleGrid>
    </Stack>
  );
}

function UnknownOrder({ orderId }: { orderId: string }) {
  return (
    <Stack>
      <PageHeading place={orderId}>Order not found</PageHeading>
      <Empty title={`There is no order ${orderId}`}>
        <Anchor href="#/orders">My orders</Anchor>
      </Empty>
    </Stack>
  );
}
