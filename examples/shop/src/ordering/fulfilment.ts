import { type Duration, processManager } from 'carillon';
import { StockRefused, StockReserved } from '../inventory/events.js';
import { PaymentDeclined, PaymentReceived, PaymentRefunded } from '../payment/events.js';
import { ParcelShipped, ShipmentStopped } from '../shipping/events.js';
import { OrderCancelled, OrderPlaced } from './events.js';
import {
  ConfirmCancellation,
  ConfirmPayment,
  ConfirmRefund,
  ConfirmReservation,
  ConfirmShipment,
  GiveUpOrder,
} from './following.js';

/** How long an order waits for other modules before it is cancelled. */
export interface Patience {
  /** For inventory to say whether everything is there. */
  readonly stock: Duration;
  /** For payment to say whether the money is there. */
  readonly payment: Duration;
}

/** What is known of an order that is followed. */
interface Followed {
  /** What its products are called, by their ids. */
  readonly names: Readonly<Record<string, string>>;
  readonly isCancelled: boolean;
}

/** Follows each order through what inventory, payment and shipping say, and gives it up when one of them says nothing in time. */
export function fulfilment(patience: Patience) {
  return processManager('fulfilment', {
    by: 'order',
    initial: { names: {}, isCancelled: false } as Followed,
    timers: ['stock', 'payment'],
    startsAt: 'beginning',
  })
    .on(OrderPlaced, (order, { lines }, { setTimer }) => {
      setTimer('stock', patience.stock);
      return { ...order, names: Object.fromEntries(lines.map(({ productId, name }) => [productId, name])) };
    })
    .on(StockReserved, ({ isCancelled }, { orderId }, { issue, cancelTimer, setTimer }) => {
      if (isCancelled) return;
      cancelTimer('stock');
      setTimer('payment', patience.payment);
      issue(ConfirmReservation({ orderId }));
    })
    .on(StockRefused, ({ names }, { orderId, missing }, { issue, cancelTimer }) => {
      cancelTimer('stock');
      const short = missing.map(
        ({ productId, wanted, onHand }) => `${names[productId] ?? productId} (${wanted} ordered, ${onHand} left)`,
      );
      issue(GiveUpOrder({ orderId, cause: 'out-of-stock', reason: `Out of stock: ${short.join(', ')}` }));
    })
    .on(PaymentReceived, (_, { orderId }, { issue, cancelTimer }) => {
      cancelTimer('payment');
      issue(ConfirmPayment({ orderId }));
    })
    .on(PaymentDeclined, (_, { orderId, reason }, { issue, cancelTimer }) => {
      cancelTimer('payment');
      issue(GiveUpOrder({ orderId, cause: 'payment-declined', reason: `The payment was declined: ${reason}` }));
    })
    .on(ParcelShipped, (_, { orderId }, { issue }) => issue(ConfirmShipment({ orderId })))
    .on(ShipmentStopped, (_, { orderId }, { issue }) => issue(ConfirmCancellation({ orderId })))
    .on(OrderCancelled, (order, _, { cancelTimer }) => {
      cancelTimer('stock');
      cancelTimer('payment');
      return { ...order, isCancelled: true };
    })
    .on(PaymentRefunded, (_, { orderId, amount }, { issue, end }) => {
      issue(ConfirmRefund({ orderId, amount }));
      end();
    })
    .onTimer('stock', (_, { issue, key }) =>
      issue(GiveUpOrder({ orderId: key, cause: 'stock-timeout', reason: 'The warehouse did not answer in time' })),
    )
    .onTimer('payment', (_, { issue, key }) =>
      issue(GiveUpOrder({ orderId: key, cause: 'payment-timeout', reason: 'The payment did not come in time' })),
    );
}
