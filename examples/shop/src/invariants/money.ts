// The provider's book and the shop's events are kept apart: they must tell the same story.
import { OrderPlaced } from '../ordering/events.js';
import { PaymentReceived, PaymentRefunded } from '../payment/events.js';
import { PaymentRequested } from '../payment/private-events.js';
import type { BookEntry, ChargeEntry, RefundEntry } from '../provider/book.js';
import type { OrderHistory } from './order-histories.js';

type Histories = ReadonlyMap<string, OrderHistory>;

const chargesIn = (book: readonly BookEntry[]) =>
  book.filter((entry): entry is ChargeEntry => entry.kind === 'charge' && entry.status === 'charged');
const refundsIn = (book: readonly BookEntry[]) => book.filter((entry): entry is RefundEntry => entry.kind === 'refund');

/** What is wrong with the money, whatever may still come: charged or given back twice, too much, or not at all. */
export function moneyProblems(histories: Histories, book: readonly BookEntry[]): string[] {
  const problems: string[] = [];
  const charges = new Map<string, ChargeEntry>();
  const charged = new Set<string>();
  for (const charge of chargesIn(book)) {
    const { id, orderId, amount } = charge;
    charges.set(id, charge);
    if (charged.has(orderId)) problems.push(`order ${orderId}: charged twice`);
    charged.add(orderId);
    const total = histories.get(orderId)?.data(OrderPlaced)?.total;
    if (total?.amount !== amount.amount || total.currency !== amount.currency) {
      problems.push(`order ${orderId}: charged ${amount.amount} ${amount.currency}, which is not its total`);
    }
    if (histories.get(orderId)?.count(PaymentRequested) !== 1) problems.push(`order ${orderId}: charged unasked`);
  }
  const refunded = new Set<string>();
  for (const { chargeId, amount } of refundsIn(book)) {
    if (refunded.has(chargeId)) problems.push(`${chargeId}: given back twice`);
    refunded.add(chargeId);
    const taken = charges.get(chargeId)?.amount;
    if (taken?.amount !== amount.amount || taken.currency !== amount.currency) {
      problems.push(`${chargeId}: gave back ${amount.amount} ${amount.currency}, which was not taken`);
    }
  }
  const refundIds = new Set(refundsIn(book).map(({ id }) => id));
  for (const history of histories.values()) {
    const received = history.data(PaymentReceived);
    if (received !== undefined && charges.get(received.chargeId)?.orderId !== history.orderId) {
      problems.push(`order ${history.orderId}: paid by ${received.chargeId}, of which the provider knows nothing`);
    }
    const returned = history.data(PaymentRefunded);
    if (returned !== undefined && !refundIds.has(returned.refundId)) {
      problems.push(`order ${history.orderId}: ${returned.refundId}, of which the provider knows nothing`);
    }
  }
  return problems;
}

/** What the provider has done and the shop has not noted when nothing is left to do. */
export function unfinishedMoney(histories: Histories, book: readonly BookEntry[]): string[] {
  const problems: string[] = [];
  const orderOf = new Map<string, string>();
  for (const { id, orderId } of chargesIn(book)) {
    orderOf.set(id, orderId);
    if (histories.get(orderId)?.data(PaymentReceived)?.chargeId !== id)
      problems.push(`order ${orderId}: ${id} not noted`);
  }
  for (const { id, chargeId } of refundsIn(book)) {
    const orderId = orderOf.get(chargeId) ?? '';
    if (histories.get(orderId)?.data(PaymentRefunded)?.refundId !== id) {
      problems.push(`order ${orderId}: ${id} not noted`);
    }
  }
  return problems;
}
