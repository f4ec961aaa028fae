import { count } from '../count.js';
import { TableSeated } from '../front-of-house/events.js';
import { listener } from '../staff/listener.js';

export default listener('sommelier', {
  label: 'Sommelier',
  on: TableSeated,
  says: ({ table, guests }) => `${count(guests, 'glass', 'glasses')} to table ${table}, please.`,
});
