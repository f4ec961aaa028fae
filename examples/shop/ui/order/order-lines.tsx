import { href } from '@carillon-examples/pages';
import { Group, Stack, Text, Title } from '@mantine/core';
import { formatMoney } from '../format/money.js';
import type { Order } from './order.js';
import classes from './order-lines.module.css';

/** What was ordered, at the prices of then. */
export function OrderLines({ order }: { order: Order }) {
  return (
    <Stack component="section" gap="sm" aria-labelledby="lines">
      <Title order={2} size="h4" id="lines">
        What you ordered
      </Title>
      <ul className={classes.lines}>
        {order.lines.map(({ productId, name, quantity, price }) => (
          <li key={productId} className={classes.line}>
            <span>
              {quantity} ×{' '}
              <a href={href(['products', productId])} className={classes.name}>
                {name}
              </a>
            </span>
            <span className={classes.sum}>
              {formatMoney({ amount: price.amount * quantity, currency: price.currency })}
            </span>
          </li>
        ))}
      </ul>
      <Group justify="space-between">
        <Text fw={700}>Total</Text>
        <Text fw={700} className={classes.sum}>
          {formatMoney(order.total)}
        </Text>
      </Group>
    </Stack>
  );
}
