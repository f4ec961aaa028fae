// What happens to parcels. Other modules know these events, and nothing else of shipping.
import { event } from 'carillon';
import { z } from 'zod';

export const ParcelShipped = event('ParcelShipped', {
  description: 'The parcel of an order has left, and cannot be called back.',
  data: z.object({ orderId: z.string(), lines: z.array(z.object({ productId: z.string(), quantity: z.int() })) }),
  tags: (e) => ({ order: e.orderId }),
});

export const ShipmentStopped = event('ShipmentStopped', {
  description: 'The order had not been shipped, and will not be.',
  data: z.object({ orderId: z.string() }),
  tags: (e) => ({ order: e.orderId }),
});
