// What is printed and hangs on every wall: the menu and the tables. It belongs to no module.

/** Where dishes are made. */
export type StationName = 'grill' | 'cold-station';

/** A dish on the menu. */
export interface Dish {
  readonly dish: string;
  readonly name: string;
  readonly station: StationName;
  /** How long it takes to make, in minutes. */
  readonly minutes: number;
  /** With which course it is usually eaten: 1, 2 or 3. */
  readonly course: number;
}

/** What the kitchen makes. */
export const menu: readonly Dish[] = [
  { dish: 'onion-soup', name: 'Onion soup', station: 'grill', minutes: 4, course: 1 },
  { dish: 'tartare', name: 'Beetroot tartare', station: 'cold-station', minutes: 5, course: 1 },
  { dish: 'green-salad', name: 'Green salad', station: 'cold-station', minutes: 2, course: 1 },
  { dish: 'steak', name: 'Steak frites', station: 'grill', minutes: 9, course: 2 },
  { dish: 'trout', name: 'Grilled trout', station: 'grill', minutes: 8, course: 2 },
  { dish: 'risotto', name: 'Pea risotto', station: 'grill', minutes: 7, course: 2 },
  { dish: 'caesar', name: 'Caesar salad', station: 'cold-station', minutes: 4, course: 2 },
  { dish: 'sorbet', name: 'Lemon sorbet', station: 'cold-station', minutes: 1, course: 3 },
  { dish: 'tart', name: 'Plum tart', station: 'cold-station', minutes: 2, course: 3 },
];

/** How courses are called, by their number. */
export const courseNames: Readonly<Record<number, string>> = { 1: 'starters', 2: 'mains', 3: 'desserts' };

/** The tables of the dining room. */
export const diningRoom: readonly string[] = Array.from({ length: 12 }, (_, n) => String(n + 1));

const byId = new Map(menu.map((dish) => [dish.dish, dish]));

/** A dish by its id; undefined when it is not on the menu. */
export function dishOf(dish: string): Dish | undefined {
  return byId.get(dish);
}

/** What a dish is called. */
export function dishName(dish: string): string {
  return dishOf(dish)?.name ?? dish;
}
