import { Mark } from '@carillon-examples/pages';
import { type Status, statuses } from './order.js';

/** How far an order has got. */
export function StatusMark({ status }: { status: Status }) {
  const { name, tone } = statuses[status];
  return <Mark tone={tone}>{name}</Mark>;
}
