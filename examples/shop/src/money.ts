import { z } from 'zod';

/** The largest amount, in the minor unit: what is counted with stays exact. */
const maxAmount = 100_000_000;

/** An amount of money: a whole number of the currency's minor unit (cents), and the currency's ISO 4217 code. */
export const money = z.object({
  amount: z.int('Say how much it is').min(0, 'It is at least 0'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'Use an ISO 4217 code, like EUR'),
});

export type Money = z.infer<typeof money>;

/** What something costs. */
export const price = money.extend({ amount: money.shape.amount.max(maxAmount, 'It is too much') });

/** An amount as people read it: `€12.50`. */
export function inWords({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0));
}
