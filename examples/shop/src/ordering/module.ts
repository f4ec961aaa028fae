import { module } from 'carillon';
import { StockRefused, StockReserved } from '../inventory/events.js';
import { PaymentDeclined, PaymentReceived, PaymentRefunded } from '../payment/events.js';
import { ParcelShipped, ShipmentStopped } from '../shipping/events.js';
import { PriceChanged, ProductAdded } from '../storefront/events.js';
import { CancelOrder, RequestRefund } from './cancelling.js';
import * as events from './events.js';
import {
  ConfirmCancellation,
  ConfirmPayment,
  ConfirmRefund,
  ConfirmReservation,
  ConfirmShipment,
  GiveUpOrder,
} from './following.js';
import { fulfilment, type Patience } from './fulfilment.js';
import { PlaceOrder } from './placing.js';
import { TellCustomer, tellCustomers } from './telling.js';

/** How ordering works. */
export interface OrderingParts {
  readonly patience: Patience;
}

/** The order desk: takes orders, follows them, and tells customers. */
export function ordering({ patience }: OrderingParts) {
  return module('ordering', {
    publishes: [
      events.OrderPlaced,
      events.OrderReserved,
      events.OrderPaid,
      events.OrderShipped,
      events.CancellationRequested,
      events.CancellationFailed,
      events.OrderCancelled,
      events.RefundRequested,
      events.OrderRefunded,
      events.CustomerNotified,
    ],
    consumes: [
      ProductAdded,
      PriceChanged,
      StockReserved,
      StockRefused,
      PaymentReceived,
      PaymentDeclined,
      PaymentRefunded,
      ParcelShipped,
      ShipmentStopped,
    ],
    commands: [
      PlaceOrder,
      CancelOrder,
      RequestRefund,
      ConfirmReservation,
      ConfirmPayment,
      ConfirmShipment,
      ConfirmCancellation,
      ConfirmRefund,
      GiveUpOrder,
      TellCustomer,
    ],
    reactions: [fulfilment(patience), tellCustomers],
  });
}
