import { Card, href } from '@carillon-examples/pages';
import { Text } from '@mantine/core';
import { formatMoney } from '../format/money.js';
import type { ResultOf } from '../live/shop.js';
import { StatusMark } from '../order/status-mark.js';
import classes from './recent-orders.module.css';

/** The latest orders of everybody. */
export function RecentOrders({ orders }: { orders: ResultOf<'RecentOrders'>['latest'] }) {
  return (
    <Card title="Latest orders">
      {orders.length === 0 && <Text size="sm">Nobody has ordered anything yet.</Text>}
      <ul className={classes.orders}>
        {orders.map(({ orderId, customerId, status, reason, total }) => (
          <li key={orderId} className={classes.order}>
            <div className={classes.words}>
              <a href={href(['orders', orderId])} className={classes.name}>
                {orderId}
              </a>
              <Text size="sm" c="var(--ink-soft)" lineClamp={1}>
                {customerId}
                {reason !== null && ` · ${reason}`}
              </Text>
            </div>
            <span className={classes.total}>{formatMoney(total)}</span>
            <StatusMark status={status} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
