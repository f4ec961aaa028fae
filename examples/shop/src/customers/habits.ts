import { type Chance, pick } from './chance.js';

/** A product as a simulated customer sees it. */
export interface Offered {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
}

/** A line of an order. */
export interface WantedLine {
  readonly productId: string;
  readonly quantity: number;
}

/** How likely it is that one more thing goes with what is in the basket. */
const oneMore = 0.55;
/** The most things in one basket. */
const maxThings = 5;

/**
 * What somebody buys: a thing, perhaps something that goes with it, perhaps something that goes with that.
 *
 * @param offered what there is, in the order of the shelves; not empty
 */
export function fillBasket(offered: readonly Offered[], chance: Chance): WantedLine[] {
  // Some things are wanted far more often than others.
  const first = scattered(Math.floor(offered.length * chance() ** 2), offered.length);
  const things = [offered[first]!];
  while (things.length < maxThings && chance() < oneMore) {
    const next = companion(things.at(-1)!, offered, chance);
    if (things.includes(next)) break;
    things.push(next);
  }
  return things.map(({ productId }) => ({ productId, quantity: chance() < 0.2 ? 2 + Math.floor(chance() * 3) : 1 }));
}

/** Spreads what is popular over the shelves: another place for each, and always the same. */
function scattered(rank: number, length: number): number {
  return (rank * 127 + 31) % length;
}

/** What goes with a thing: a few others of its category but of another kind, the same few for everybody. */
function companion(thing: Offered, offered: readonly Offered[], chance: Chance): Offered {
  const others = offered.filter((one) => one.category === thing.category && kindOf(one) !== kindOf(thing));
  if (others.length === 0) return pick(offered, chance);
  const first = [...thing.productId].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return others[(first + Math.floor(chance() * 3)) % others.length]!;
}

/** `Kitchen knife` of `Kitchen knife, 18 cm`. */
function kindOf({ name }: Offered): string {
  return name.split(',')[0]!;
}

/** What becomes of a customer's mind once an order is placed. */
export type Afterthought = 'none' | 'cancels' | 'returns';

/** Most customers want what they ordered. */
export function afterthought(chance: Chance): Afterthought {
  const drawn = chance();
  if (drawn < 0.04) return 'cancels';
  return drawn < 0.08 ? 'returns' : 'none';
}

/** Who orders. Some have no money, for some the bank answers late or not at all at first: see `planByCustomer`. */
export function customerId(chance: Chance): string {
  const number = 1 + Math.floor(chance() * 200);
  const drawn = chance();
  const trouble = drawn < 0.03 ? '-declined' : drawn < 0.05 ? '-silent' : drawn < 0.055 ? '-late' : '';
  return `customer-${number}${trouble}`;
}
