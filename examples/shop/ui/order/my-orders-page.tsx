import { Empty, href, PageHeading, Problem, useStore } from '@carillon-examples/pages';
import { Anchor, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { customerId } from '../customer/customer.js';
import { CustomerField } from '../customer/customer-field.js';
import { formatMoney } from '../format/money.js';
import { formatDay } from '../format/time.js';
import { type ResultOf, useLiveQuery } from '../live/shop.js';
import classes from './my-orders-page.module.css';
import { StatusMark } from './status-mark.js';

/** All orders of whoever buys in this browser. */
export function MyOrdersPage() {
  const [customer] = useDebouncedValue(useStore(customerId), 200);
  const {
    result: orders,
    problem,
    retry,
  } = useLiveQuery('CustomerOrders', customer === '' ? undefined : { customerId: customer });
  return (
    <Stack gap="lg">
      <PageHeading place="orders">My orders</PageHeading>
      <Group maw={380} grow>
        <CustomerField description="Made up for this browser. The orders of anybody else can be seen by their id." />
      </Group>
      {problem !== undefined && <Problem what="The orders could not be shown" why={problem} onRetry={retry} />}
      {orders === undefined && problem === undefined && customer !== '' && (
        <Skeleton height={160} radius="md" role="status" aria-label="Looking for your orders" />
      )}
      {(orders?.length === 0 || customer === '') && (
        <Empty title={customer === '' ? 'Whose orders?' : 'No orders yet'}>
          {customer !== '' && (
            <Text size="sm">What you order shows here, and moves on by itself as it is paid and shipped.</Text>
          )}
          <Anchor href="#/">To the shop window</Anchor>
        </Empty>
      )}
      {orders !== undefined && orders.length > 0 && (
        <ul className={classes.orders} aria-label="Orders, the latest first">
          {orders.map((order) => (
            <OrderRow key={order.orderId} order={order} />
          ))}
        </ul>
      )}
    </Stack>
  );
}

function OrderRow({ order }: { order: ResultOf<'CustomerOrders'>[number] }) {
  const { orderId, status, reason, total, placedAt, lines } = order;
  return (
    <Paper component="li" withBorder className={`${classes.order} whole-row`}>
      <Stack gap={2} className={classes.words}>
        <a href={href(['orders', orderId])} className={`${classes.name} row-link quiet-link`}>
          {orderId}
        </a>
        <Text size="sm" c="var(--ink-soft)" lineClamp={1}>
          {formatDay(placedAt)} · {lines.map(({ name }) => name).join(' · ')}
        </Text>
        {reason !== null && (
          <Text size="sm" c="var(--ink-soft)" lineClamp={1}>
            {reason}
          </Text>
        )}
      </Stack>
      <Group gap="md" wrap="nowrap">
        <Text className={classes.total}>{formatMoney(total)}</Text>
        <StatusMark status={status} />
      </Group>
    </Paper>
  );
}
