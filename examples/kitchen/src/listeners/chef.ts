import { count } from '../count.js';
import { OrderVoided } from '../front-of-house/events.js';
import { dishName } from '../menu.js';
import { ItemEightySixed } from '../pass/events.js';
import { listener } from '../staff/listener.js';

export default listener('chef', {
  label: 'Chef',
  on: [ItemEightySixed, OrderVoided],
  says: (_, { type, data }) =>
    type === 'ItemEightySixed'
      ? `Who forgot to buy ${dishName(data.dish)}?`
      : `${count(data.items.length, 'dish', 'dishes')} for nothing at table ${data.table}!`,
});
