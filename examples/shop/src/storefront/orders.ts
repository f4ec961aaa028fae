import {
  type DataOf,
  integer,
  json,
  type RecordedEvent,
  type RowOf,
  readModel,
  type TableWriters,
  table,
  text,
} from 'carillon';
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

/** How far an order has got. */
export const orderStatuses = ['placed', 'reserved', 'paid', 'shipped', 'cancelled', 'refunded'] as const;
export type OrderStatusName = (typeof orderStatuses)[number];

/** What the customer has asked for and nobody has answered yet. */
export const wishes = ['cancellation', 'refund'] as const;

const orders = table({
  columns: {
    orderId: text(),
    customerId: text(),
    status: text<OrderStatusName>(),
    /** Why it is cancelled or refunded, in words for the customer. */
    reason: text().nullable(),
    pending: text<(typeof wishes)[number]>().nullable(),
    lines: json<DataOf<typeof OrderPlaced>['lines']>(),
    amount: integer(),
    currency: text(),
    placedAt: text(),
    /** Tells which order came later: the position of its first event. */
    position: integer(),
  },
  key: 'orderId',
  indexes: [['customerId', 'position'], 'position', 'status'],
});

const history = table({
  columns: {
    orderId: text(),
    position: integer(),
    at: text(),
    /** The type of the event. */
    event: text(),
    /** What the order's status was then. */
    status: text<OrderStatusName>(),
    /** Why, or what the customer was told. */
    note: text().nullable(),
  },
  key: ['orderId', 'position'],
});

const tables = { orders, history };
type Writers = TableWriters<typeof tables>;

/** An event of an order. */
type Happened = RecordedEvent<string, { readonly orderId: string }>;

/** Notes what happened to an order, and the status it has from here on. */
function goesOn(db: Writers, event: Happened, status: OrderStatusName, note: string | null = null): void {
  const { orderId } = event.data;
  db.orders.update(orderId, note === null ? { status, pending: null } : { status, pending: null, reason: note });
  record(db, event, status, note);
}

/** Notes what happened to an order whose status stays what it is. */
async function stays(
  db: Writers,
  event: Happened,
  note: string | null,
  change: Partial<Pick<RowOf<typeof orders>, 'pending' | 'reason'>> = {},
): Promise<void> {
  const order = await db.orders.get(event.data.orderId);
  if (order === undefined) return;
  db.orders.update(order.orderId, change);
  record(db, event, order.status, note);
}

function record(
  db: Writers,
  { data, position, recordedAt, type }: Happened,
  status: OrderStatusName,
  note: string | null,
) {
  db.history.insert({ orderId: data.orderId, position, at: recordedAt.toISOString(), event: type, status, note });
}

/** Every order, how far it has got, and what led there. */
export const orderTracking = readModel('order-tracking', { tables })
  .on(OrderPlaced, ({ orderId, customerId, lines, total: { amount, currency }, placedAt }, db, event) => {
    const { position } = event;
    const order = { orderId, customerId, lines, amount, currency, placedAt, position };
    db.orders.insert({ ...order, status: 'placed' });
    record(db, event, 'placed', null);
  })
  .on(OrderReserved, (_, db, event) => goesOn(db, event, 'reserved'))
  .on(OrderPaid, (_, db, event) => goesOn(db, event, 'paid'))
  .on(OrderShipped, (_, db, event) => goesOn(db, event, 'shipped'))
  .on(OrderCancelled, ({ reason }, db, event) => goesOn(db, event, 'cancelled', reason))
  .on(OrderRefunded, (_, db, event) => goesOn(db, event, 'refunded'))
  .on(CancellationRequested, ({ reason }, db, event) => stays(db, event, reason, { pending: 'cancellation', reason }))
  .on(CancellationFailed, (_, db, event) => stays(db, event, null, { pending: null, reason: null }))
  .on(RefundRequested, ({ reason }, db, event) => stays(db, event, reason, { pending: 'refund', reason }))
  .on(CustomerNotified, ({ message }, db, event) => stays(db, event, message));
