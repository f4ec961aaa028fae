import { type Duration, module } from 'carillon';
import { CancellationRequested, OrderPaid } from '../ordering/events.js';
import { ShipParcel, StopShipment } from './commands.js';
import { ParcelShipped, ShipmentStopped } from './events.js';
import { packing } from './packing.js';

/** How shipping works. */
export interface ShippingParts {
  /** How long it takes to pack a parcel. */
  readonly packingTime: Duration;
}

/** The parcel desk: ships what is paid, once, and stops what is cancelled in time. */
export function shipping({ packingTime }: ShippingParts) {
  return module('shipping', {
    publishes: [ParcelShipped, ShipmentStopped],
    consumes: [OrderPaid, CancellationRequested],
    commands: [ShipParcel, StopShipment],
    reactions: [packing(packingTime)],
  });
}
