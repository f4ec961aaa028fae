import { z } from 'zod';

/** How much of a product customers are told there is. */
export const stockLevel = z.enum(['none', 'few', 'some', 'many']);

/** Up to how many pieces there are few of a product. */
const fewUpTo = 5;

/** Up to how many pieces there are some of a product; beyond, there are many. */
const someUpTo = 20;

/** Says how much there is without saying how many: so the answer changes when it matters, not with every order. */
export function stockLevelOf(onHand: number): z.infer<typeof stockLevel> {
  if (onHand <= 0) return 'none';
  if (onHand <= fewUpTo) return 'few';
  return onHand <= someUpTo ? 'some' : 'many';
}
