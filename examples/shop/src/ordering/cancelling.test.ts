import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { shop } from '../shop.js';
import { CancelOrder, RequestRefund } from './cancelling.js';
import {
  CancellationFailed,
  CancellationRequested,
  OrderCancelled,
  OrderPaid,
  OrderPlaced,
  OrderRefunded,
  OrderReserved,
  OrderShipped,
  RefundRequested,
} from './events.js';

const total = { amount: 950, currency: 'EUR' };
const lines = [{ productId: 'mug', name: 'Mug', quantity: 1, price: total }];
const ofAda = { orderId: 'o1', customerId: 'ada' };
const placed = OrderPlaced({ ...ofAda, lines, total, placedAt: '2026-01-01T12:00:00.000Z' });
const reserved = OrderReserved({ ...ofAda, total });
const paid = OrderPaid({ ...ofAda, lines, total });
const shipped = OrderShipped(ofAda);
const byCustomer = (reason = 'too slow') => OrderCancelled({ ...ofAda, cause: 'customer', reason });
const asked = (refundAnyway: boolean, reason = 'too slow') => CancellationRequested({ ...ofAda, reason, refundAnyway });
const refundRequested = RefundRequested({ ...ofAda, reason: 'too slow' });
const refunded = OrderRefunded({ ...ofAda, amount: total });

const cancel = CancelOrder({ orderId: 'o1', reason: 'too slow' });
const refund = RequestRefund({ orderId: 'o1', reason: 'too slow' });
const desk = given(shop).as({ id: 'test', roles: ['operator'] });
const about = { orderId: 'o1' };

describe('CancelOrder', () => {
  it('cancels what is not paid', async () => {
    await desk.given(placed).when(cancel).then(byCustomer());
    await desk.given(placed, reserved).when(cancel).then(byCustomer());
    await desk.given(placed).when(CancelOrder(about)).then(byCustomer('Cancelled by the customer'));
  });

  it('asks shipping about what is paid, once', async () => {
    await desk.given(placed, reserved, paid).when(cancel).then(asked(false));
    await desk.given(placed, reserved, paid, asked(false)).when(cancel).thenRejected('CancellationUnderWay');
  });

  it('refuses what has gone too far, and says what can be done', async () => {
    await desk.when(cancel).thenRejected('UnknownOrder');
    await desk.given(placed, reserved, paid, shipped).when(cancel).thenRejected('AlreadyShipped');
    await desk.given(placed, byCustomer()).when(cancel).thenRejected('AlreadyCancelled');
    await desk.given(placed, reserved, paid, shipped, refunded).when(cancel).thenRejected('AlreadyRefunded');
  });
});

describe('RequestRefund', () => {
  it('cancels what has not been shipped', async () => {
    await desk.given(placed).when(refund).then(byCustomer());
    await desk.given(placed, reserved).when(refund).then(byCustomer());
    await desk.given(placed, reserved, paid).when(refund).then(asked(true));
    await desk.given(placed, reserved, paid, asked(false)).when(refund).then(asked(true));
  });

  it('asks for the money of what has been shipped', async () => {
    await desk.given(placed, reserved, paid, shipped).when(refund).then(refundRequested);
    const late = desk.given(placed, reserved, paid, asked(false), shipped, CancellationFailed(ofAda));
    await late.when(refund).then(refundRequested);
  });

  it('gives money back once', async () => {
    await desk.when(refund).thenRejected('UnknownOrder');
    await desk.given(placed, reserved, paid, asked(true)).when(refund).thenRejected('RefundUnderWay');
    await desk.given(placed, reserved, paid, shipped, refundRequested).when(refund).thenRejected('RefundUnderWay');
    await desk.given(placed, byCustomer()).when(refund).thenRejected('AlreadyCancelled');
    await desk
      .given(placed, reserved, paid, shipped, refundRequested, refunded)
      .when(refund)
      .thenRejected('AlreadyRefunded');
  });
});
