import { module } from 'carillon';
import { OrderCancelled, OrderPlaced } from '../ordering/events.js';
import { ParcelShipped } from '../shipping/events.js';
import { ProductAdded } from '../storefront/events.js';
import { ReceiveStock, ReleaseStock, ReserveStock, TakeOutStock } from './commands.js';
import * as events from './events.js';
import { followOrders } from './follow-orders.js';

/** The warehouse: what is there, and what of it is set aside. It is never set aside twice. */
export const inventory = module('inventory', {
  publishes: [
    events.StockReceived,
    events.StockReserved,
    events.StockRefused,
    events.StockReleased,
    events.StockShipped,
  ],
  consumes: [ProductAdded, OrderPlaced, OrderCancelled, ParcelShipped],
  commands: [ReceiveStock, ReserveStock, ReleaseStock, TakeOutStock],
  reactions: [followOrders],
});
