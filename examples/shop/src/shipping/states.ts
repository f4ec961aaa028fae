// What the decisions about parcels depend on.
import { type DataOf, state } from 'carillon';
import { OrderPaid } from '../ordering/events.js';
import { ParcelShipped, ShipmentStopped } from './events.js';

interface Shipment {
  /** Whether ordering has said that the order is paid. */
  readonly isPaid: boolean;
  readonly status: 'waiting' | 'shipped' | 'stopped';
  readonly lines: DataOf<typeof ParcelShipped>['lines'];
}

/** The parcel of one order. */
export const shipment = state('order', { initial: { isPaid: false, status: 'waiting', lines: [] } as Shipment })
  .on(OrderPaid, (shipment, e) => ({
    ...shipment,
    isPaid: true,
    lines: e.lines.map(({ productId, quantity }) => ({ productId, quantity })),
  }))
  .on(ParcelShipped, (shipment) => ({ ...shipment, status: 'shipped' }))
  .on(ShipmentStopped, (shipment) => ({ ...shipment, status: 'stopped' }));
