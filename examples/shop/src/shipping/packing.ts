import { type Duration, processManager } from 'carillon';
import { CancellationRequested, OrderPaid } from '../ordering/events.js';
import { ShipParcel, StopShipment } from './commands.js';

/** Packs what is paid and lets it leave, unless the order is cancelled before the parcel is ready. */
export function packing(packingTime: Duration) {
  return processManager('packing', { by: 'order', initial: {}, timers: ['packed'], startsAt: 'beginning' })
    .on(OrderPaid, (_, __, { setTimer }) => setTimer('packed', packingTime))
    .on(CancellationRequested, (_, { orderId }, { issue, end }) => {
      issue(StopShipment({ orderId }));
      end();
    })
    .onTimer('packed', (_, { issue, key, end }) => {
      issue(ShipParcel({ orderId: key }));
      end();
    });
}
