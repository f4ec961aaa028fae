// What shipping tells itself. Either comes first, and the other then changes nothing: both read the same shipment.
import { command } from 'carillon';
import { z } from 'zod';
import { insideOnly } from '../inside-only.js';
import { id } from '../typed.js';
import { ParcelShipped, ShipmentStopped } from './events.js';
import { shipment } from './states.js';

const order = z.object({ orderId: id });

export const ShipParcel = command('ShipParcel', {
  description: 'Lets the parcel of a paid order leave, once, unless it was stopped.',
  data: order,
  reads: (c) => ({ shipment: shipment(c.orderId) }),
  rejections: { NotPaid: 'The order is not paid' },
  authorize: insideOnly,
  decide: ({ data: { orderId }, shipment: { isPaid, status, lines }, reject }) => {
    if (!isPaid) return reject('NotPaid');
    return status === 'waiting' ? ParcelShipped({ orderId, lines }) : undefined;
  },
});

export const StopShipment = command('StopShipment', {
  description: 'Keeps the parcel of an order in the house for good, if it has not left.',
  data: order,
  reads: (c) => ({ shipment: shipment(c.orderId) }),
  authorize: insideOnly,
  decide: ({ data: { orderId }, shipment: { status } }) =>
    status === 'waiting' ? ShipmentStopped({ orderId }) : undefined,
});
