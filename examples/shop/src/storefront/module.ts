import { module } from 'carillon';
import { StockReceived, StockReleased, StockReserved, StockShipped } from '../inventory/events.js';
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
import { assortment } from './assortment.js';
import { BoughtTogether, boughtTogether } from './bought-together.js';
import { AddProduct, ChangePrice } from './commands.js';
import { PriceChanged, ProductAdded } from './events.js';
import { CustomerOrders, OrderStatus, RecentOrders } from './order-queries.js';
import { orderTracking } from './orders.js';
import { Categories, ProductDetails, ProductsById } from './product-queries.js';
import { SalesByDay, sales } from './sales.js';
import { SearchProducts } from './search.js';

/** The shop window: what is on offer, and everything that customers and staff look at. */
export const storefront = module('storefront', {
  publishes: [ProductAdded, PriceChanged],
  consumes: [
    StockReceived,
    StockReserved,
    StockReleased,
    StockShipped,
    OrderPlaced,
    OrderReserved,
    OrderPaid,
    OrderShipped,
    OrderCancelled,
    OrderRefunded,
    CancellationRequested,
    CancellationFailed,
    RefundRequested,
    CustomerNotified,
  ],
  commands: [AddProduct, ChangePrice],
  readModels: [assortment, boughtTogether, orderTracking, sales],
  queries: [
    SearchProducts,
    ProductDetails,
    ProductsById,
    Categories,
    BoughtTogether,
    OrderStatus,
    CustomerOrders,
    RecentOrders,
    SalesByDay,
  ],
});
