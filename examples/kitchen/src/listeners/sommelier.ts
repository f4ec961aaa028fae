import { TableSeated } from '../front-of-house/events.js';
import { listener } from '../staff/listener.js';

export default listener('sommelier', {
  label: 'Sommelier',
  on: TableSeated,
  says: ({ table, guests }) => `${guests} glasses to table ${table}, please.`,
});
