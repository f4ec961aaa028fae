import { newId } from '../format/new-id.js';
import { keptStore } from '../live/kept-store.js';

/** What somebody is about to order. It is this browser's: the shop hears of it when it is ordered. */
export interface Basket {
  /** The order that it will be. However often it is sent, it is one order. */
  readonly orderId: string;
  readonly lines: readonly BasketLine[];
}

export interface BasketLine {
  readonly productId: string;
  readonly quantity: number;
}

/** What notices about the basket are about: they go when somebody looks into it. */
export const basketNotice = 'basket';

/** The most pieces of one product in an order. */
export const maxQuantity = 99;

/** The most products in an order. */
const maxLines = 50;

export const basket = keptStore<Basket>('shop.basket', (kept) => (isBasket(kept) ? kept : newBasket()));

/** Puts pieces of a product into the basket. */
export function addToBasket(productId: string, quantity: number): void {
  const known = basket.get().lines.find((line) => line.productId === productId)?.quantity ?? 0;
  setQuantity(productId, known + quantity);
}

/** Changes how many pieces of a product are in the basket; 0 takes it out. */
export function setQuantity(productId: string, quantity: number): void {
  const { orderId, lines } = basket.get();
  const line = { productId, quantity: Math.min(quantity, maxQuantity) };
  const isThere = lines.some((one) => one.productId === productId);
  const changed = isThere ? lines.map((one) => (one.productId === productId ? line : one)) : [...lines, line];
  basket.set({ orderId, lines: changed.filter((one) => one.quantity > 0).slice(0, maxLines) });
}

/** Begins another order. */
export function emptyBasket(): void {
  basket.set(newBasket());
}

/** How many pieces are in it. */
export function piecesIn({ lines }: Basket): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}

function newBasket(): Basket {
  return { orderId: newId(), lines: [] };
}

function isBasket(kept: unknown): kept is Basket {
  const { orderId, lines } = (kept ?? {}) as Partial<Basket>;
  return (
    typeof orderId === 'string' &&
    Array.isArray(lines) &&
    lines.every(({ productId, quantity }) => typeof productId === 'string' && Number.isInteger(quantity))
  );
}
