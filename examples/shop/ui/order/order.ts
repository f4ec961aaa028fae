import type { Tone } from '@carillon-examples/pages';
import type { ResultOf } from '../live/shop.js';

/** An order as its page shows it. */
export type Order = NonNullable<ResultOf<'OrderStatus'>>;

export type Status = Order['status'];

/** What each status is called, and how it looks. */
export const statuses: Record<Status, { readonly name: string; readonly tone: Tone }> = {
  placed: { name: 'Placed', tone: 'plain' },
  reserved: { name: 'Set aside', tone: 'held' },
  paid: { name: 'Paid', tone: 'held' },
  shipped: { name: 'Shipped', tone: 'good' },
  cancelled: { name: 'Cancelled', tone: 'late' },
  refunded: { name: 'Refunded', tone: 'busy' },
};

/** What is going on with an order, in one sentence. */
export function newsOf({ status, pending }: Pick<Order, 'status' | 'pending'>): string {
  if (pending === 'cancellation') return 'You asked us to cancel it. We are looking whether the parcel is still here.';
  if (pending === 'refund') return 'You asked for your money back. It is on its way.';
  switch (status) {
    case 'placed':
      return 'We have your order and are looking for everything on our shelves.';
    case 'reserved':
      return 'Everything is set aside for you. We are waiting for your payment.';
    case 'paid':
      return 'Thank you, it is paid. We are packing your parcel.';
    case 'shipped':
      return 'Your parcel is on its way.';
    case 'cancelled':
      return 'This order is cancelled.';
    case 'refunded':
      return 'You have your money back.';
  }
}
