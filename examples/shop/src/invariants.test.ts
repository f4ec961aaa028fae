import type { NewEvent, RecordedEvent } from 'carillon';
import { describe, expect, it } from 'vitest';
import { countStock, problems, problemsAtRest } from './invariants.js';
import { StockReceived, StockReleased, StockReserved, StockShipped } from './inventory/events.js';
import {
  CustomerNotified,
  OrderCancelled,
  OrderPaid,
  OrderPlaced,
  OrderRefunded,
  OrderReserved,
  OrderShipped,
} from './ordering/events.js';
import { PaymentReceived, PaymentRefunded } from './payment/events.js';
import { PaymentRequested, RefundDue } from './payment/private-events.js';
import type { BookEntry } from './provider/book.js';
import { ParcelShipped } from './shipping/events.js';

const total = { amount: 950, currency: 'EUR' };
const ofAda = { orderId: 'o1', customerId: 'ada' };
const lines = [{ productId: 'mug', quantity: 1 }];
const ordered = [{ productId: 'mug', name: 'Mug', quantity: 1, price: total }];

const received = StockReceived({ productId: 'mug', quantity: 3 });
const placed = OrderPlaced({ ...ofAda, lines: ordered, total, placedAt: '2026-01-01T12:00:00.000Z' });
const stockReserved = StockReserved({ orderId: 'o1', lines });
const reserved = OrderReserved({ ...ofAda, total });
const requested = PaymentRequested({ ...ofAda, amount: total });
const paymentReceived = PaymentReceived({ orderId: 'o1', amount: total, chargeId: 'charge-1' });
const paid = OrderPaid({ ...ofAda, lines: ordered, total });
const parcel = ParcelShipped({ orderId: 'o1', lines });
const stockShipped = StockShipped({ orderId: 'o1', lines });
const shipped = OrderShipped(ofAda);
const told = CustomerNotified({ ...ofAda, message: 'It is on its way.' });
const cancelled = OrderCancelled({ ...ofAda, cause: 'customer', reason: 'too slow' });
const released = StockReleased({ orderId: 'o1', lines });
const refundDue = RefundDue({ orderId: 'o1', amount: total, chargeId: 'charge-1' });
const refunded = PaymentRefunded({ orderId: 'o1', amount: total, refundId: 'refund-2' });
const orderRefunded = OrderRefunded({ ...ofAda, amount: total });

const charge = (id = 'charge-1', amount = total): BookEntry => ({
  kind: 'charge',
  id,
  idempotencyKey: id,
  ...ofAda,
  amount,
  status: 'charged',
});
const refund = (id = 'refund-2', amount = total): BookEntry => ({
  kind: 'refund',
  id,
  idempotencyKey: id,
  chargeId: 'charge-1',
  amount,
});

const untilPaid: readonly NewEvent[] = [received, placed, stockReserved, reserved, requested, paymentReceived, paid];
const untilShipped: readonly NewEvent[] = [...untilPaid, parcel, stockShipped, shipped, told];
const untilRefunded: readonly NewEvent[] = [
  ...untilPaid,
  cancelled,
  told,
  released,
  refundDue,
  refunded,
  orderRefunded,
  told,
];

function logOf(events: readonly NewEvent[]): RecordedEvent[] {
  return events.map((event, index) => ({
    ...event,
    id: `e${index}`,
    metadata: {},
    position: index + 1,
    recordedAt: new Date('2026-01-01T12:00:00Z'),
  }));
}
const without = (events: readonly NewEvent[], ...left: NewEvent[]) => events.filter((event) => !left.includes(event));
const check = (events: readonly NewEvent[], book: readonly BookEntry[] = [charge()]) => problems(logOf(events), book);
const checkAtRest = (events: readonly NewEvent[], book: readonly BookEntry[] = [charge()]) =>
  problemsAtRest(logOf(events), book);

describe('problems', () => {
  it('finds nothing wrong with what is right, at any moment of it', () => {
    for (const story of [untilShipped, untilRefunded]) {
      for (let length = 0; length <= story.length; length++) {
        const events = story.slice(0, length);
        const book = [
          ...(events.includes(requested) ? [charge()] : []),
          ...(events.includes(refundDue) ? [refund()] : []),
        ];
        expect(check(events, book)).toEqual([]);
      }
    }
  });

  it('finds steps without their reason', () => {
    expect(check(without(untilShipped, stockReserved, stockShipped))).toEqual([
      'order o1: OrderReserved without StockReserved before it',
    ]);
    expect(check(without(untilShipped, paid))).toEqual([
      'order o1: OrderShipped without OrderPaid before it',
      'order o1: ParcelShipped without OrderPaid before it',
    ]);
    expect(check([...untilShipped, cancelled])).toEqual([
      'order o1: both ParcelShipped and OrderCancelled',
      'order o1: both OrderShipped and OrderCancelled',
    ]);
    expect(check([...untilPaid, paid])).toEqual(['order o1: OrderPaid 2 times']);
    expect(check([...untilPaid, refundDue, parcel])).toEqual(['order o1: ParcelShipped after RefundDue']);
  });

  it('finds stock that is sold twice, or given back that was not set aside', () => {
    const tooMuch = StockReserved({ orderId: 'o2', lines: [{ productId: 'mug', quantity: 3 }] });
    const other = OrderPlaced({ ...placed.data, orderId: 'o2' });
    expect(check([...untilPaid, other, tooMuch])).toEqual(['product mug: oversold by 1 at 9']);
    expect(check([received, placed, cancelled, released], [])).toEqual([
      'order o1: StockReleased without StockReserved before it',
      'product mug: -1 reserved at 4',
    ]);
  });

  it('finds money that was taken twice, unasked, or as another amount', () => {
    expect(check(untilPaid, [charge(), charge('charge-2')])).toEqual(['order o1: charged twice']);
    expect(check([received, placed, stockReserved, reserved], [charge()])).toEqual(['order o1: charged unasked']);
    expect(check(untilPaid, [charge('charge-1', { amount: 951, currency: 'EUR' })])).toEqual([
      'order o1: charged 951 EUR, which is not its total',
    ]);
    expect(check(untilPaid, [])).toEqual(['order o1: paid by charge-1, of which the provider knows nothing']);
  });

  it('finds money that was given back twice, as another amount, or only in words', () => {
    expect(check(untilRefunded, [charge(), refund(), refund('refund-3')])).toEqual(['charge-1: given back twice']);
    expect(check(untilRefunded, [charge(), refund('refund-2', { amount: 950, currency: 'USD' })])).toEqual([
      'charge-1: gave back 950 USD, which was not taken',
    ]);
    expect(check(untilRefunded, [charge()])).toEqual(['order o1: refund-2, of which the provider knows nothing']);
  });

  it('finds timers that fired twice', () => {
    const fired = { type: 'carillon:timer-fired', version: 1, tags: [], data: { timerId: 't1', key: 'o1' } };
    expect(check([fired], [])).toEqual([]);
    expect(check([fired, fired], [])).toEqual(['order o1: timer t1 fired twice']);
  });
});

describe('problemsAtRest', () => {
  it('finds nothing wrong where an order waits for time to pass, or is at its end', () => {
    expect(checkAtRest(untilPaid)).toEqual([]);
    expect(checkAtRest(untilShipped)).toEqual([]);
    expect(checkAtRest(untilRefunded, [charge(), refund()])).toEqual([]);
  });

  it('finds what nobody has reacted to', () => {
    expect(checkAtRest([received, placed], [])).toEqual([
      'order o1: OrderPlaced, and no StockReserved or StockRefused',
    ]);
    expect(checkAtRest(without(untilShipped, stockShipped))).toEqual(['order o1: ParcelShipped, and no StockShipped']);
    expect(checkAtRest(without(untilShipped, told))).toEqual(['order o1: 1 things to tell, 0 told']);
    expect(checkAtRest([...untilPaid, cancelled, told, released])).toEqual([
      'order o1: OrderCancelled and PaymentReceived, and no PaymentRefunded',
    ]);
  });

  it('finds money of which only the provider knows', () => {
    expect(checkAtRest(untilPaid.slice(0, 5), [charge()])).toEqual([
      'order o1: PaymentRequested, and no PaymentReceived or PaymentDeclined',
      'order o1: charge-1 not noted',
    ]);
    expect(checkAtRest(untilRefunded.slice(0, -3), [charge(), refund()])).toEqual([
      'order o1: OrderCancelled and PaymentReceived, and no PaymentRefunded',
      'order o1: refund-2 not noted',
    ]);
  });
});

it('counts stock', () => {
  expect(countStock(logOf(untilPaid)).counts.get('mug')).toEqual({ received: 3, reserved: 1, shipped: 0, onHand: 2 });
  expect(countStock(logOf(untilShipped)).counts.get('mug')).toEqual({
    received: 3,
    reserved: 0,
    shipped: 1,
    onHand: 2,
  });
  expect(countStock(logOf(untilRefunded)).counts.get('mug')).toEqual({
    received: 3,
    reserved: 0,
    shipped: 0,
    onHand: 3,
  });
});
