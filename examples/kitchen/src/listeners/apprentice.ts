import { NewOrder } from '../front-of-house/events.js';
import { listener } from '../staff/listener.js';

export default listener('apprentice', {
  label: 'Apprentice',
  on: NewOrder,
  says: ({ items }) => (items.length > 5 ? `${items.length} dishes! Yes, chef!` : 'Yes, chef!'),
});
