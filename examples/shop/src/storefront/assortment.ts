import { integer, readModel, table, text } from 'carillon';
import { StockReceived, StockReleased, StockReserved, StockShipped } from '../inventory/events.js';
import { OrderPaid } from '../ordering/events.js';
import { PriceChanged, ProductAdded } from './events.js';

const products = table({
  columns: {
    productId: text(),
    name: text(),
    category: text(),
    /** What it costs, in the currency's minor unit. */
    amount: integer(),
    currency: text(),
    /** On the shelf, and free. */
    onHand: integer().default(0),
    /** On the shelf, set aside for orders. */
    reserved: integer().default(0),
    /** How many pieces have been paid for. */
    sold: integer().default(0),
  },
  key: 'productId',
  indexes: ['category'],
  search: { name: 3, category: 1 },
});

/** Everything that is on offer, and how much of it is there. */
export const assortment = readModel('assortment', { tables: { products } })
  .on(ProductAdded, ({ productId, name, category, price: { amount, currency } }, db) =>
    db.products.insert({ productId, name, category, amount, currency }),
  )
  .on(PriceChanged, ({ productId, price: { amount, currency } }, db) =>
    db.products.update(productId, { amount, currency }),
  )
  .on(StockReceived, ({ productId, quantity }, db) =>
    db.products.update(productId, (product) => ({ onHand: product.onHand + quantity })),
  )
  .on(StockReserved, ({ lines }, db) => {
    for (const { productId, quantity } of lines) {
      db.products.update(productId, (product) => ({
        onHand: product.onHand - quantity,
        reserved: product.reserved + quantity,
      }));
    }
  })
  .on(StockReleased, ({ lines }, db) => {
    for (const { productId, quantity } of lines) {
      db.products.update(productId, (product) => ({
        onHand: product.onHand + quantity,
        reserved: product.reserved - quantity,
      }));
    }
  })
  .on(StockShipped, ({ lines }, db) => {
    for (const { productId, quantity } of lines) {
      db.products.update(productId, (product) => ({ reserved: product.reserved - quantity }));
    }
  })
  .on(OrderPaid, ({ lines }, db) => {
    for (const { productId, quantity } of lines) {
      db.products.update(productId, (product) => ({ sold: product.sold + quantity }));
    }
  });
