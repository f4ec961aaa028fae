import { command, state } from 'carillon';
import { z } from 'zod';
import { dishOf } from '../menu.js';
import { ItemBackOn, ItemEightySixed } from './events.js';

const isOff = state('dish', { initial: false })
  .on(ItemEightySixed, () => true)
  .on(ItemBackOn, () => false);

export const EightySix = command('EightySix', {
  description: 'There is no more of a dish.',
  data: z.object({ dish: z.string() }),
  reads: (c) => ({ isOff: isOff(c.dish) }),
  rejections: { NotOnTheMenu: 'The kitchen does not make that' },
  decide: ({ data, isOff, reject }) => {
    if (dishOf(data.dish) === undefined) return reject('NotOnTheMenu');
    return isOff ? undefined : ItemEightySixed(data);
  },
});

export const PutBackOn = command('PutBackOn', {
  description: 'A dish can be had again.',
  data: z.object({ dish: z.string() }),
  reads: (c) => ({ isOff: isOff(c.dish) }),
  decide: ({ data, isOff }) => (isOff ? ItemBackOn(data) : undefined),
});
