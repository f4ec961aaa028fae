import { count } from '../count.js';
import { TableCleared } from '../front-of-house/events.js';
import { listener } from '../staff/listener.js';

export default listener('bookkeeper', {
  label: 'Bookkeeper',
  on: TableCleared,
  startsAt: 'beginning',
  isOnDuty: false,
  says: ({ table, plates }) => `Table ${table}: ${count(plates, 'plate')}. Noted.`,
});
