// What each module may do with an order depends on what others have done before.
import type { EventDefinition } from 'carillon';
import { StockRefused, StockReleased, StockReserved, StockShipped } from '../inventory/events.js';
import {
  CancellationFailed,
  CancellationRequested,
  CustomerNotified,
  OrderCancelled,
  OrderPaid,
  OrderPlaced,
  OrderRefunded,
  OrderReserved,
  OrderShipped,
  RefundRequested,
} from '../ordering/events.js';
import { PaymentDeclined, PaymentReceived, PaymentRefunded } from '../payment/events.js';
import { PaymentCalledOff, PaymentRequested, RefundDue } from '../payment/private-events.js';
import { ParcelShipped, ShipmentStopped } from '../shipping/events.js';
import type { OrderHistory } from './order-histories.js';

type AnyEvent = EventDefinition<string, any, any>;

/** What happens to an order once at most. */
const once: readonly AnyEvent[] = [
  OrderPlaced,
  OrderReserved,
  OrderPaid,
  OrderShipped,
  CancellationFailed,
  OrderCancelled,
  RefundRequested,
  OrderRefunded,
  StockReserved,
  StockRefused,
  StockReleased,
  StockShipped,
  PaymentRequested,
  PaymentReceived,
  PaymentDeclined,
  PaymentCalledOff,
  RefundDue,
  PaymentRefunded,
  ParcelShipped,
  ShipmentStopped,
];

/** The first happens only after all the others have. */
const needs: readonly (readonly [AnyEvent, ...AnyEvent[]])[] = [
  [OrderReserved, OrderPlaced, StockReserved],
  [OrderPaid, OrderReserved, PaymentReceived],
  [OrderShipped, OrderPaid, ParcelShipped],
  [CancellationFailed, CancellationRequested, ParcelShipped],
  [RefundRequested, OrderShipped],
  [OrderRefunded, PaymentRefunded],
  [StockReserved, OrderPlaced],
  [StockRefused, OrderPlaced],
  [StockReleased, StockReserved, OrderCancelled],
  [StockShipped, StockReserved, ParcelShipped],
  [PaymentRequested, OrderReserved],
  [PaymentReceived, PaymentRequested],
  [PaymentDeclined, PaymentRequested],
  [RefundDue, PaymentReceived],
  [PaymentRefunded, RefundDue],
  // Never shipped unpaid.
  [ParcelShipped, OrderPaid],
];

/** When one has happened, the other never does. */
const excludes: readonly (readonly [AnyEvent, AnyEvent])[] = [
  [StockReserved, StockRefused],
  [StockReleased, StockShipped],
  [PaymentReceived, PaymentDeclined],
  [ParcelShipped, ShipmentStopped],
  [ParcelShipped, OrderCancelled],
  [OrderShipped, OrderCancelled],
];

/** When all of the first have happened, one of the others follows: nothing that happened was overheard. */
const follows: readonly { readonly when: readonly AnyEvent[]; readonly oneOf: readonly AnyEvent[] }[] = [
  { when: [OrderPlaced], oneOf: [StockReserved, StockRefused] },
  { when: [StockReserved], oneOf: [OrderReserved, OrderCancelled] },
  { when: [StockRefused], oneOf: [OrderCancelled] },
  { when: [OrderReserved], oneOf: [PaymentRequested, PaymentCalledOff] },
  { when: [PaymentRequested], oneOf: [PaymentReceived, PaymentDeclined] },
  { when: [PaymentReceived], oneOf: [OrderPaid, OrderCancelled] },
  { when: [PaymentDeclined], oneOf: [OrderCancelled] },
  { when: [CancellationRequested], oneOf: [ParcelShipped, ShipmentStopped] },
  { when: [ParcelShipped], oneOf: [OrderShipped] },
  { when: [ParcelShipped], oneOf: [StockShipped] },
  { when: [ShipmentStopped], oneOf: [OrderCancelled] },
  { when: [OrderCancelled, StockReserved], oneOf: [StockReleased] },
  { when: [OrderCancelled, PaymentReceived], oneOf: [PaymentRefunded] },
  { when: [RefundRequested], oneOf: [PaymentRefunded] },
  { when: [PaymentRefunded], oneOf: [OrderRefunded] },
];

/** The customer is told of each of them. */
const told: readonly AnyEvent[] = [OrderShipped, CancellationFailed, OrderCancelled, OrderRefunded];

/** What is wrong with the history of an order, whatever may still come. */
export function orderProblems(history: OrderHistory): string[] {
  const problems: string[] = [];
  const { orderId } = history;
  for (const event of once) {
    if (history.count(event) > 1) problems.push(`order ${orderId}: ${event.type} ${history.count(event)} times`);
  }
  for (const [event, ...earlier] of needs) {
    const at = history.position(event);
    if (at === undefined) continue;
    for (const other of earlier) {
      if ((history.position(other) ?? Number.POSITIVE_INFINITY) > at) {
        problems.push(`order ${orderId}: ${event.type} without ${other.type} before it`);
      }
    }
  }
  for (const [one, other] of excludes) {
    if (history.count(one) > 0 && history.count(other) > 0) {
      problems.push(`order ${orderId}: both ${one.type} and ${other.type}`);
    }
  }
  // Never shipped when the money is on its way back.
  const parcelAt = history.position(ParcelShipped);
  const refundAt = history.position(RefundDue);
  if (parcelAt !== undefined && refundAt !== undefined && refundAt < parcelAt) {
    problems.push(`order ${orderId}: ParcelShipped after RefundDue`);
  }
  return problems;
}

/** What is missing in the history of an order when nothing is left to do. */
export function unfinishedOrder(history: OrderHistory): string[] {
  const problems: string[] = [];
  const { orderId } = history;
  for (const { when, oneOf } of follows) {
    if (!when.every((event) => history.count(event) > 0) || oneOf.some((event) => history.count(event) > 0)) continue;
    const names = (events: readonly AnyEvent[], or: string) => events.map(({ type }) => type).join(or);
    problems.push(`order ${orderId}: ${names(when, ' and ')}, and no ${names(oneOf, ' or ')}`);
  }
  const toTell = told.reduce((sum, event) => sum + history.count(event), 0);
  if (history.count(CustomerNotified) !== toTell) {
    problems.push(`order ${orderId}: ${toTell} things to tell, ${history.count(CustomerNotified)} told`);
  }
  return problems;
}
