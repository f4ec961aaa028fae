import { command } from 'carillon';
import { z } from 'zod';
import { diningRoom } from '../menu.js';
import { TableCleared, TableSeated } from './events.js';
import { table } from './states.js';

export const SeatTable = command('SeatTable', {
  description: 'Shows guests to a table.',
  data: z.object({
    table: z.string(),
    guests: z.int('Say how many').min(1, 'Somebody has to sit there').max(8, 'A table is for at most 8'),
  }),
  reads: (c) => ({ table: table(c.table) }),
  rejections: { NoSuchTable: 'There is no such table', Occupied: 'Somebody sits there' },
  decide: ({ data, table, reject }) => {
    if (!diningRoom.includes(data.table)) return reject('NoSuchTable');
    return table.isSeated ? reject('Occupied') : TableSeated(data);
  },
});

export const ClearTable = command('ClearTable', {
  description: 'Takes everything off a table whose guests have eaten.',
  data: z.object({ table: z.string() }),
  reads: (c) => ({ table: table(c.table) }),
  rejections: { NobodyThere: 'Nobody sits there', StillWaiting: 'The guests still wait for something' },
  decide: ({ data, table, reject }) => {
    if (!table.isSeated) return reject('NobodyThere');
    const tickets = Object.keys(table.awaited);
    if (tickets.length > 0) return reject('StillWaiting', { tickets });
    return TableCleared({ ...data, plates: table.plates });
  },
});
