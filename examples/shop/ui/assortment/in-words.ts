import { formatRoundMoney } from '../format/money.js';
import { type Prices, readPrices } from './search.js';

/** A range of prices as people say it: `€10 to €25`, `€100 and more`. */
export function pricesInWords({ currency, from, to }: Prices): string {
  const money = (amount: number) => formatRoundMoney({ amount, currency });
  if (to === undefined) return `${money(from)} and more`;
  return from === 0 ? `Below ${money(to + 1)}` : `${money(from)} to ${money(to + 1)}`;
}

/** The same, from the word that stands for it in addresses and lists. */
export function priceWordInWords(word: string): string {
  const prices = readPrices(word);
  return prices === undefined ? word : pricesInWords(prices);
}

export function availabilityInWords(availability: string): string {
  return availability === 'available' ? 'In stock' : 'Sold out';
}

export function totalInWords(total: number): string {
  return total === 1 ? '1 product' : `${total.toLocaleString('en')} products`;
}
