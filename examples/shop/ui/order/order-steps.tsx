import { Icon } from '@carillon-examples/pages';
import { type Order, type Status, statuses } from './order.js';
import classes from './order-steps.module.css';

/** The way of an order that nothing happens to. */
const usualWay: readonly Status[] = ['placed', 'reserved', 'paid', 'shipped'];

/** How far an order has got, and how far it has to go. It moves while somebody looks. */
export function OrderSteps({ order }: { order: Order }) {
  const reached = new Set(order.history.map((entry) => entry.status));
  const hasLeft = order.status === 'cancelled' || order.status === 'refunded';
  const left = (['cancelled', 'refunded'] as const).filter((status) => reached.has(status));
  const steps = hasLeft ? [...usualWay.filter((status) => reached.has(status)), ...left] : usualWay;
  return (
    <ol className={classes.steps} aria-label="How far the order has got">
      {steps.map((status) => (
        <li
          key={status}
          className={classes.step}
          data-state={status === order.status ? 'current' : reached.has(status) ? 'done' : 'ahead'}
          data-end={status === 'cancelled' || status === 'refunded' || undefined}
          aria-current={status === order.status ? 'step' : undefined}
        >
          <span className={classes.dot} aria-hidden="true">
            {reached.has(status) && <Tick isGood={status !== 'cancelled'} />}
          </span>
          <span className={classes.name}>{statuses[status].name}</span>
        </li>
      ))}
    </ol>
  );
}

function Tick({ isGood }: { isGood: boolean }) {
  return (
    <Icon size={16} strokeWidth={3}>
      <path
        strokeLinecap="round"
        strokeLinejoin="round"
        d={isGood ? 'm5 12.5 4.5 4.5L19 7.5' : 'm6 6 12 12M18 6 6 18'}
      />
    </Icon>
  );
}
