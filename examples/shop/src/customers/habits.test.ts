import { describe, expect, it } from 'vitest';
import { assortment } from '../seed/assortment.js';
import { chanceFrom } from './chance.js';
import { afterthought, customerId, fillBasket } from './habits.js';

const offered = assortment();

describe('fillBasket', () => {
  const chance = chanceFrom(1);
  const baskets = Array.from({ length: 2_000 }, () => fillBasket(offered, chance));

  it('takes one to five things that there are, each once', () => {
    const known = new Set(offered.map(({ productId }) => productId));
    const sizes = new Set(baskets.map((basket) => basket.length));
    expect([...sizes].sort()).toEqual([1, 2, 3, 4, 5]);
    for (const basket of baskets) {
      expect(new Set(basket.map(({ productId }) => productId)).size).toBe(basket.length);
      for (const { productId, quantity } of basket) {
        expect(known.has(productId)).toBe(true);
        expect(quantity).toBeGreaterThanOrEqual(1);
        expect(quantity).toBeLessThanOrEqual(4);
      }
    }
  });

  it('takes some things far more often than others, and together what goes together', () => {
    const firsts = new Map<string, number>();
    const pairs = new Map<string, number>();
    for (const [first, second] of baskets) {
      firsts.set(first!.productId, (firsts.get(first!.productId) ?? 0) + 1);
      const pair = `${first!.productId} ${second?.productId}`;
      if (second !== undefined) pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    const counts = [...firsts.values()].sort((a, b) => b - a);
    expect(counts[0]).toBeGreaterThan(10 * counts.at(-1)!);
    expect(Math.max(...pairs.values())).toBeGreaterThan(5);
  });

  it('makes do with one product', () => {
    const one = offered.slice(0, 1);
    for (let n = 0; n < 20; n++)
      expect(fillBasket(one, chance).map((line) => line.productId)).toEqual([one[0]!.productId]);
  });
});

describe('customers', () => {
  it('mostly keep what they ordered, and mostly can pay', () => {
    const chance = chanceFrom(2);
    const thoughts = Array.from({ length: 2_000 }, () => afterthought(chance));
    const ids = Array.from({ length: 2_000 }, () => customerId(chance));
    expect(thoughts.filter((one) => one === 'none').length).toBeGreaterThan(1_700);
    expect(new Set(thoughts)).toEqual(new Set(['none', 'cancels', 'returns']));
    expect(ids.filter((id) => /^customer-\d+$/.test(id)).length).toBeGreaterThan(1_700);
    for (const trouble of ['-declined', '-silent', '-late']) {
      expect(ids.some((id) => id.endsWith(trouble))).toBe(true);
    }
  });

  it('do the same again by the same chance', () => {
    const day = () => {
      const chance = chanceFrom(3);
      return Array.from({ length: 50 }, () => [customerId(chance), fillBasket(offered, chance)]);
    };
    expect(day()).toEqual(day());
  });
});
