import { query } from 'carillon';
import { z } from 'zod';
import { menu } from '../menu.js';
import { bells, guestsPerMinute, keptBells } from './bells.js';
import { boards } from './boards.js';

export const Floor = query('Floor', {
  description: 'The whole house: tables with their tickets, what stands on each, what is off and what is being washed.',
  params: z.object({}),
  from: boards,
  run: async (db) => {
    const items = await db
      .selectFrom('items')
      .select(['itemId', 'ticketId', 'table', 'course', 'dish', 'station', 'status', 'firedAt', 'since'])
      .orderBy('firedAt')
      .orderBy('course')
      .orderBy('itemId')
      .execute();
    const tickets = await db.selectFrom('tickets').selectAll().orderBy('orderedAt').orderBy('ticketId').execute();
    const tables = await db.selectFrom('tables').selectAll().execute();
    const off = await db.selectFrom('off').selectAll().orderBy('dish').execute();
    const washing = await db.selectFrom('washing').selectAll().orderBy('since').orderBy('table').execute();
    return {
      tables: tables
        .map((table) => ({
          ...table,
          tickets: tickets
            .filter((ticket) => ticket.table === table.table)
            .map((ticket) => ({ ...ticket, items: items.filter(({ ticketId }) => ticketId === ticket.ticketId) })),
        }))
        .sort((one, other) => Number(one.table) - Number(other.table)),
      off,
      washing,
    };
  },
});

export const StationBoard = query('StationBoard', {
  description: 'What a station has to do, the longest waiting first: for a screen that hangs there.',
  params: z.object({ station: z.enum(['grill', 'cold-station']) }),
  from: boards,
  run: (db, { station }) =>
    db
      .selectFrom('items')
      .select(['itemId', 'table', 'course', 'dish', 'status', 'firedAt', 'since'])
      .where('station', '=', station)
      .where('status', 'in', ['queued', 'cooking'])
      .orderBy('firedAt')
      .orderBy('itemId')
      .limit(200),
});

export const Menu = query('Menu', {
  description: 'Every dish, and whether there is any.',
  params: z.object({}),
  from: boards,
  run: async (db) => {
    const off = new Set((await db.selectFrom('off').select('dish').execute()).map(({ dish }) => dish));
    return menu.map((dish) => ({ ...dish, isOff: off.has(dish.dish) }));
  },
});

export const Bells = query('Bells', {
  description:
    'The last bells, the newest first; the staff who come and go; how many simulated parties come in a minute.',
  params: z.object({ limit: z.int().min(1).max(keptBells).default(30) }),
  from: bells,
  run: async (db, { limit }) => ({
    rung: await db
      .selectFrom('rung')
      .select(['position', 'bell', 'says', 'at'])
      .orderBy('position', 'desc')
      .limit(limit)
      .execute(),
    // Whom nobody knows listens for nothing.
    staff: (await db.selectFrom('staff').selectAll().orderBy('label').execute()).filter(
      (somebody) => somebody.bells.length > 0,
    ),
    guestsPerMinute:
      (await db.selectFrom('numbers').select('value').where('name', '=', guestsPerMinute).executeTakeFirst())?.value ??
      0,
  }),
});

/** What became of somebody who was called: he is on his way, here, at home, or there is nobody of that name. */
export type Duty = 'called' | 'on' | 'off' | 'unknown';

export const WhetherOnDuty = query('WhetherOnDuty', {
  description: 'What became of somebody who was put on duty: whoever is not known is sent home.',
  params: z.object({ listener: z.string() }),
  from: bells,
  run: async (db, { listener }): Promise<{ readonly duty: Duty }> => {
    const somebody = await db.selectFrom('staff').selectAll().where('listener', '=', listener).executeTakeFirst();
    const isKnown = somebody !== undefined && somebody.bells.length > 0;
    if (somebody?.isOnDuty) return { duty: isKnown ? 'on' : 'called' };
    return { duty: isKnown ? 'off' : 'unknown' };
  },
});
