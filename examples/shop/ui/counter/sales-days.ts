import type { ResultOf } from '../live/shop.js';

/** One day's sales in one currency, in its minor unit. */
export type SalesDay = ResultOf<'SalesByDay'>[number];

const dayMs = 86_400_000;

/** The dates of the last so many days, today included. Days are in UTC, as the shop counts them. */
export function lastDays(count: number): { readonly from: string; readonly to: string } {
  const today = Date.now();
  return { from: isoDate(today - (count - 1) * dayMs), to: isoDate(today) };
}

/** A row for each day from one date to another, those without sales included. */
export function everyDay(rows: readonly SalesDay[], from: string, to: string, currency: string): SalesDay[] {
  const byDay = new Map(rows.filter((row) => row.currency === currency).map((row) => [row.day, row]));
  const days: SalesDay[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) {
    const day = isoDate(at);
    days.push(byDay.get(day) ?? { day, currency, orders: 0, amount: 0, refunded: 0 });
  }
  return days;
}

function isoDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
