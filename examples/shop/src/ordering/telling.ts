import { command, type RecordedEventOf, reaction } from 'carillon';
import { z } from 'zod';
import { insideOnly } from '../inside-only.js';
import { inWords } from '../money.js';
import { id } from '../typed.js';
import { CancellationFailed, CustomerNotified, OrderCancelled, OrderRefunded, OrderShipped } from './events.js';

export const TellCustomer = command('TellCustomer', {
  description: 'Tells a customer what became of an order.',
  data: z.object({ orderId: id, customerId: id, message: z.string().min(1) }),
  authorize: insideOnly,
  decide: ({ data }) => CustomerNotified(data),
});

/** Tells customers what they are waiting for, and what they should not wait for any more. */
export const tellCustomers = reaction('tell-customers', {
  on: [OrderShipped, CancellationFailed, OrderCancelled, OrderRefunded],
  inOrderBy: (e) => e.customerId,
  startsAt: 'beginning',
  maxConcurrency: 64,
  run: ({ orderId, customerId }, { event, issue }) =>
    issue(TellCustomer({ orderId, customerId, message: messageAbout(event) })),
});

type Told = RecordedEventOf<
  typeof OrderShipped | typeof CancellationFailed | typeof OrderCancelled | typeof OrderRefunded
>;

function messageAbout({ type, data }: Told): string {
  switch (type) {
    case 'OrderShipped':
      return `Order ${data.orderId} is on its way to you.`;
    case 'CancellationFailed':
      return `Order ${data.orderId} could not be cancelled: the parcel had left.`;
    case 'OrderCancelled':
      return `Order ${data.orderId} was cancelled: ${data.reason}.`;
    case 'OrderRefunded':
      return `For order ${data.orderId} you have got ${inWords(data.amount)} back.`;
  }
}
