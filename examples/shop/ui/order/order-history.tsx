import { Stack, Text, Title } from '@mantine/core';
import { formatInstant } from '../format/time.js';
import type { Order } from './order.js';
import classes from './order-history.module.css';

/** What each event is called for whoever waits for the parcel. */
const names: Readonly<Record<string, string>> = {
  OrderPlaced: 'Order placed',
  OrderReserved: 'Everything set aside',
  OrderPaid: 'Payment received',
  OrderShipped: 'Parcel shipped',
  CancellationRequested: 'Cancellation asked for',
  CancellationFailed: 'Too late to cancel: the parcel had left',
  OrderCancelled: 'Order cancelled',
  RefundRequested: 'Refund asked for',
  OrderRefunded: 'Money given back',
  CustomerNotified: 'We wrote to you',
};

/** What has happened to an order, the latest first. */
export function OrderHistory({ history }: { history: Order['history'] }) {
  return (
    <Stack component="section" gap="sm" aria-labelledby="history">
      <Title order={2} size="h4" id="history">
        What has happened
      </Title>
      <ol className={classes.history} reversed>
        {history.toReversed().map(({ at, event, note }) => (
          <li key={`${at} ${event}`} className={classes.entry}>
            <time dateTime={at} className={classes.time}>
              {formatInstant(at)}
            </time>
            <div>
              <Text fw={500}>{names[event] ?? event}</Text>
              {note !== null && (
                <Text size="sm" c="var(--ink-soft)">
                  {note}
                </Text>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Stack>
  );
}
