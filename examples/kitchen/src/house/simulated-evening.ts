// Guests who come by themselves, and a kitchen that runs out of things. They come from outside, as a browser does: through
// commands and queries.
import { randomUUID } from 'node:crypto';
import type { RunningApplication } from 'carillon/runtime';
import { Floor } from '../floor/queries.js';
import { TakeOrder, VoidOrder } from '../front-of-house/ordering.js';
import { ClearTable, SeatTable } from '../front-of-house/seating.js';
import { diningRoom, menu } from '../menu.js';
import { demonstrationPace } from '../pace.js';
import { EightySix, PutBackOn } from '../pass/eighty-six.js';

/** Tickets of simulated guests: they leave those of others alone. */
const prefix = 'party-';

/** How long guests sit over their last plate, in minutes of the kitchen. */
const minutesAtTheEnd = 5;

/** How often the parties that come do something besides ordering. */
const chances = { walkOut: 0.06, runsOut: 0.08, isBack: 0.3 };

/** What simulated guests need of the kitchen. */
export type Kitchen = Pick<RunningApplication, 'execute' | 'query'>;

/** Tickets that simulated guests have, and nobody else. */
const areOurs = (tickets: readonly { readonly ticketId: string }[]) => tickets.length > 0 && tickets.every(isOurs);
const isOurs = ({ ticketId }: { readonly ticketId: string }) => ticketId.startsWith(prefix);

/**
 * The simulated guests who have eaten leave.
 *
 * @param now what time it is, in milliseconds
 * @returns how many tables simulated guests still sit at
 */
export async function guestsLeave(kitchen: Kitchen, now = Date.now()): Promise<number> {
  const { result: floor } = await kitchen.query(Floor({}));
  const ours = floor.tables.filter(({ tickets }) => areOurs(tickets));
  const haveEaten = ours.filter(({ tickets }) =>
    tickets.every(
      ({ status, since }) =>
        status !== 'open' && now - Date.parse(since) > minutesAtTheEnd * demonstrationPace.minuteMs,
    ),
  );
  for (const { table } of haveEaten) await kitchen.execute(ClearTable({ table }));
  return ours.length - haveEaten.length;
}

/** One party comes: a free table is taken, and something is ordered. Now and then a dish runs out, or somebody walks out. */
export async function partyComes(kitchen: Kitchen, random: () => number = Math.random): Promise<void> {
  const happens = (chance: number) => random() < chance;
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];

  const { result: floor } = await kitchen.query(Floor({}));
  if (happens(chances.walkOut)) {
    const open = floor.tables.flatMap(({ tickets }) => tickets).filter((one) => isOurs(one) && one.status === 'open');
    const ticketId = pick(open)?.ticketId;
    if (ticketId !== undefined) await kitchen.execute(VoidOrder({ ticketId, reason: 'the guests have walked out' }));
  }
  const off = floor.off.map(({ dish }) => dish);
  const back = happens(chances.isBack) ? pick(off) : undefined;
  if (back !== undefined) await kitchen.execute(PutBackOn({ dish: back }));
  if (happens(chances.runsOut) && off.length < 2) {
    const { dish } = pick(menu)!;
    off.push(dish);
    await kitchen.execute(EightySix({ dish }));
  }

  const taken = new Set(floor.tables.map(({ table }) => table));
  const table = pick(diningRoom.filter((one) => !taken.has(one)));
  if (table === undefined) return;
  const guests = 1 + Math.floor(random() * 4);
  const seated = await kitchen.execute(SeatTable({ table, guests }));
  if (seated.rejected) return;
  const items = Array.from({ length: guests }, () =>
    [1, 2, 3]
      .filter((course) => course === 2 || happens(0.5))
      .map((course) => ({
        dish: pick(menu.filter((dish) => dish.course === course && !off.includes(dish.dish))),
        course,
      })),
  )
    .flat()
    .flatMap(({ dish, course }) => (dish === undefined ? [] : [{ dish: dish.dish, course }]));
  const ordered = items.length > 0 && (await kitchen.execute(TakeOrder({ ticketId: newTicketId(), table, items })));
  // They cannot have what they want, and go again.
  if (ordered === false || ordered.rejected) await kitchen.execute(ClearTable({ table }));
}

function newTicketId(): string {
  return `${prefix}${randomUUID()}`;
}
