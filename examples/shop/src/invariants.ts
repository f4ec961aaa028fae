// What must hold of a shop, checked from the outside: from all that stands in its log, and from the provider's own book.
// Pure functions, for tests that crash it, simulate it, or look at it when all is done.
import type { RecordedEvent } from 'carillon';
import { moneyProblems, unfinishedMoney } from './invariants/money.js';
import { orderHistories } from './invariants/order-histories.js';
import { orderProblems, unfinishedOrder } from './invariants/orders.js';
import { countStock } from './invariants/stock.js';
import type { BookEntry } from './provider/book.js';

export { countStock, type StockCount } from './invariants/stock.js';

/**
 * What must never be, at no moment: an order that took a step without its reason, stock that was sold twice, money that was
 * charged twice, parcels that left unpaid, timers that fired twice. Each problem in words; none when all is well.
 *
 * Events and book must be of one moment: of a shop that is stopped or at rest, or simulated.
 */
export function problems(events: readonly RecordedEvent[], book: readonly BookEntry[]): string[] {
  const histories = orderHistories(events);
  return [
    ...[...histories.values()].flatMap(orderProblems),
    ...countStock(events).problems,
    ...moneyProblems(histories, book),
    ...timerProblems(events),
  ];
}

/**
 * What must not be when nothing is left to do (no event unprocessed, none parked): an order that does not stand where its events
 * lead, stock that is set aside for nobody, money of which only one side knows. Includes `problems`.
 */
export function problemsAtRest(events: readonly RecordedEvent[], book: readonly BookEntry[]): string[] {
  const histories = orderHistories(events);
  return [
    ...problems(events, book),
    ...[...histories.values()].flatMap(unfinishedOrder),
    ...unfinishedMoney(histories, book),
  ];
}

/** A timer ends once: it fires, or is taken back. */
function timerProblems(events: readonly RecordedEvent[]): string[] {
  const fired = new Set<string>();
  return events
    .filter(({ type }) => type === 'carillon:timer-fired')
    .flatMap(({ data }) => {
      const { timerId, key } = data as { readonly timerId: string; readonly key: string };
      const isSecond = fired.has(timerId);
      fired.add(timerId);
      return isSecond ? [`order ${key}: timer ${timerId} fired twice`] : [];
    });
}
