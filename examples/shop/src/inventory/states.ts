// What the decisions about stock depend on. Each state is folded from the events of one tag.
import { type DataOf, state } from 'carillon';
import { ProductAdded } from '../storefront/events.js';
import { StockReceived, StockRefused, StockReleased, StockReserved, StockShipped } from './events.js';

/** How many pieces of a product there are. On hand and reserved together are what was received and has not been shipped. */
interface Stock {
  /** The first thing that happens to a product is that it is received: then the state learns whose it is. */
  readonly productId: string;
  /** On the shelf, and free. */
  readonly onHand: number;
  /** On the shelf, set aside for orders. */
  readonly reserved: number;
}

type Lines = DataOf<typeof StockReserved>['lines'];

/** The stock of a product after so many pieces of each line went from the shelf to what is set aside, and so many left. */
function moved(stock: Stock, lines: Lines, onHand: -1 | 0 | 1, reserved: -1 | 1): Stock {
  const quantity = lines.find((line) => line.productId === stock.productId)?.quantity ?? 0;
  return { ...stock, onHand: stock.onHand + onHand * quantity, reserved: stock.reserved + reserved * quantity };
}

/** The stock of one product. */
export const stock = state('product', { initial: { productId: '', onHand: 0, reserved: 0 } as Stock })
  .on(StockReceived, (stock, e) => ({ ...stock, productId: e.productId, onHand: stock.onHand + e.quantity }))
  .on(StockReserved, (stock, e) => moved(stock, e.lines, -1, 1))
  .on(StockReleased, (stock, e) => moved(stock, e.lines, 1, -1))
  .on(StockShipped, (stock, e) => moved(stock, e.lines, 0, -1));

/** Whether there is such a product. */
export const productExists = state('product', { initial: false }).on(ProductAdded, () => true);

/** What is set aside for an order. */
interface Reservation {
  readonly status: 'none' | 'reserved' | 'refused' | 'released' | 'shipped';
  readonly lines: Lines;
}

export const reservation = state('order', { initial: { status: 'none', lines: [] } as Reservation })
  .on(StockReserved, (_, e) => ({ status: 'reserved', lines: e.lines }))
  .on(StockRefused, (known) => ({ ...known, status: 'refused' }))
  .on(StockReleased, (known) => ({ ...known, status: 'released' }))
  .on(StockShipped, (known) => ({ ...known, status: 'shipped' }));
