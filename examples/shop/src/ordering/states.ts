// What the decisions about orders depend on.
import { type DataOf, state } from 'carillon';
import type { Money } from '../money.js';
import { PriceChanged, ProductAdded } from '../storefront/events.js';
import {
  CancellationFailed,
  CancellationRequested,
  OrderCancelled,
  OrderPaid,
  OrderPlaced,
  OrderRefunded,
  OrderReserved,
  OrderShipped,
  RefundRequested,
} from './events.js';

interface Order {
  readonly status: 'unknown' | 'placed' | 'reserved' | 'paid' | 'shipped' | 'cancelled' | 'refunded';
  /** What was ordered, and by whom; undefined when nobody has ordered under this id. */
  readonly placed: DataOf<typeof OrderPlaced> | undefined;
  /** A cancellation about which shipping has not said yet whether it came in time. */
  readonly cancellation: { readonly reason: string; readonly refundAnyway: boolean } | undefined;
  readonly isRefundRequested: boolean;
}

const unknown: Order = { status: 'unknown', placed: undefined, cancellation: undefined, isRefundRequested: false };

export const order = state('order', { initial: unknown })
  .on(OrderPlaced, (order, e) => ({ ...order, status: 'placed', placed: e }))
  .on(OrderReserved, (order) => ({ ...order, status: 'reserved' }))
  .on(OrderPaid, (order) => ({ ...order, status: 'paid' }))
  .on(CancellationRequested, (order, { reason, refundAnyway }) => ({
    ...order,
    cancellation: { reason, refundAnyway },
  }))
  .on(CancellationFailed, (order) => ({ ...order, cancellation: undefined }))
  .on(OrderShipped, (order) => ({ ...order, status: 'shipped' }))
  .on(OrderCancelled, (order) => ({ ...order, status: 'cancelled', cancellation: undefined }))
  .on(RefundRequested, (order) => ({ ...order, cancellation: undefined, isRefundRequested: true }))
  .on(OrderRefunded, (order) => ({ ...order, status: 'refunded' }));

interface Product {
  readonly name: string;
  readonly price: Money;
}

/** What is on offer under an id; undefined when nothing is. */
export const product = state('product', { initial: undefined as Product | undefined })
  .on(ProductAdded, (_, { name, price }) => ({ name, price }))
  .on(PriceChanged, (product, { price }) => product && { ...product, price });
