// What is in the house is what came in and has not left; nothing is promised twice.
import type { DataOf, RecordedEvent } from 'carillon';
import { StockReceived, StockReleased, StockReserved, StockShipped } from '../inventory/events.js';

/** The pieces of one product, counted from the log. */
export interface StockCount {
  readonly received: number;
  /** Set aside now. */
  readonly reserved: number;
  readonly shipped: number;
  /** Free now: received − reserved − shipped. */
  readonly onHand: number;
}

const none: StockCount = { received: 0, reserved: 0, shipped: 0, onHand: 0 };

/** What inventory's events come to, product by product; and whenever something was less than nothing on the way. */
export function countStock(events: readonly RecordedEvent[]): {
  readonly counts: ReadonlyMap<string, StockCount>;
  readonly problems: readonly string[];
} {
  const counts = new Map<string, StockCount>();
  const problems: string[] = [];
  const change = (position: number, productId: string, by: Partial<StockCount>) => {
    const count = counts.get(productId) ?? none;
    const received = count.received + (by.received ?? 0);
    const reserved = count.reserved + (by.reserved ?? 0);
    const shipped = count.shipped + (by.shipped ?? 0);
    const onHand = received - reserved - shipped;
    counts.set(productId, { received, reserved, shipped, onHand });
    if (onHand < 0) problems.push(`product ${productId}: oversold by ${-onHand} at ${position}`);
    if (reserved < 0) problems.push(`product ${productId}: ${reserved} reserved at ${position}`);
  };
  const changes: { readonly [type: string]: (quantity: number) => Partial<StockCount> } = {
    [StockReserved.type]: (quantity) => ({ reserved: quantity }),
    [StockReleased.type]: (quantity) => ({ reserved: -quantity }),
    [StockShipped.type]: (quantity) => ({ reserved: -quantity, shipped: quantity }),
  };
  for (const { type, data, position } of events) {
    if (type === StockReceived.type) {
      const { productId, quantity } = data as DataOf<typeof StockReceived>;
      change(position, productId, { received: quantity });
    }
    const changeOf = changes[type];
    if (changeOf === undefined) continue;
    const { lines } = data as DataOf<typeof StockReserved>;
    for (const { productId, quantity } of lines) change(position, productId, changeOf(quantity));
  }
  return { counts, problems };
}
