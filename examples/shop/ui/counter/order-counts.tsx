import type { ResultOf } from '../live/shop.js';
import { type Status, statuses } from '../order/order.js';
import classes from './order-counts.module.css';

/** How many orders have got how far. */
export function OrderCounts({ counts }: { counts: ResultOf<'RecentOrders'>['counts'] }) {
  return (
    <dl className={classes.counts} aria-label="Orders by status">
      {(Object.keys(statuses) as Status[]).map((status) => (
        <div key={status} className={classes.count}>
          <dt>{statuses[status].name}</dt>
          <dd>{counts[status].toLocaleString('en')}</dd>
        </div>
      ))}
    </dl>
  );
}
