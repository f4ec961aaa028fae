import { expect, it } from 'vitest';
import { inWords, money, price } from './money.js';

it('writes amounts as people read them, with the places that the currency has', () => {
  expect(inWords({ amount: 1_250, currency: 'EUR' })).toBe('€12.50');
  expect(inWords({ amount: 1_250, currency: 'JPY' })).toBe('¥1,250');
  expect(inWords({ amount: 5, currency: 'USD' })).toBe('$0.05');
});

it('is counted in whole minor units, of a currency', () => {
  const isMoney = (value: unknown) => money.safeParse(value).success;
  expect(isMoney({ amount: 0, currency: 'EUR' })).toBe(true);
  expect(isMoney({ amount: 0.5, currency: 'EUR' })).toBe(false);
  expect(isMoney({ amount: -1, currency: 'EUR' })).toBe(false);
  expect(isMoney({ amount: 1, currency: 'eur' })).toBe(false);
  expect(price.safeParse({ amount: 100_000_001, currency: 'EUR' }).success).toBe(false);
});
