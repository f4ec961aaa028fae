import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { shop } from '../shop.js';
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
import {
  ConfirmCancellation,
  ConfirmPayment,
  ConfirmRefund,
  ConfirmReservation,
  ConfirmShipment,
  GiveUpOrder,
} from './following.js';

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

const desk = given(shop).as({ id: 'test', roles: ['operator'] });
const about = { orderId: 'o1' };

describe('what ordering tells itself', () => {
  it('moves an order on, one step after the other', async () => {
    await desk.given(placed).when(ConfirmReservation(about)).then(reserved);
    await desk.given(placed, reserved).when(ConfirmPayment(about)).then(paid);
    await desk.given(placed, reserved, paid).when(ConfirmShipment(about)).then(shipped);
    const confirmRefund = ConfirmRefund({ orderId: 'o1', amount: total });
    await desk.given(placed, reserved, paid, shipped, refundRequested).when(confirmRefund).then(refunded);
    await desk.given(placed, reserved, byCustomer()).when(confirmRefund).then(refunded);
  });

  it('changes nothing twice, nor what has gone another way', async () => {
    const confirmRefund = ConfirmRefund({ orderId: 'o1', amount: total });
    const commands = [
      ConfirmReservation(about),
      ConfirmPayment(about),
      ConfirmShipment(about),
      ConfirmCancellation(about),
      GiveUpOrder({ orderId: 'o1', cause: 'payment-timeout', reason: 'late' }),
    ];
    for (const command of commands) {
      await desk.when(command).thenNothing();
      await desk.given(placed, byCustomer()).when(command).thenNothing();
      await desk.given(placed, reserved, paid, shipped).when(command).thenNothing();
    }
    for (const history of [[], [placed], [placed, reserved, paid], [placed, byCustomer(), refunded]]) {
      await desk
        .given(...history)
        .when(confirmRefund)
        .thenNothing();
    }
    await desk.given(placed, reserved).when(ConfirmReservation(about)).thenNothing();
    await desk.given(placed).when(ConfirmPayment(about)).thenNothing();
  });

  it('gives up what is not paid', async () => {
    const giveUp = GiveUpOrder({ orderId: 'o1', cause: 'payment-timeout', reason: 'late' });
    const givenUp = OrderCancelled({ ...ofAda, cause: 'payment-timeout', reason: 'late' });
    await desk.given(placed).when(giveUp).then(givenUp);
    await desk.given(placed, reserved).when(giveUp).then(givenUp);
    await desk.given(placed, reserved, paid).when(giveUp).thenNothing();
  });

  it('ends a cancellation as shipping says', async () => {
    const paidAnd = desk.given(placed, reserved, paid);
    await paidAnd.given(asked(false)).when(ConfirmCancellation(about)).then(byCustomer());
    await paidAnd.given(asked(false)).when(ConfirmShipment(about)).then(shipped, CancellationFailed(ofAda));
    await paidAnd.given(asked(true)).when(ConfirmShipment(about)).then(shipped, refundRequested);
    await paidAnd
      .when(ConfirmCancellation(about))
      .then(OrderCancelled({ ...ofAda, cause: 'shop', reason: 'The shop has stopped the parcel' }));
  });

  it('is nobody else’s business', async () => {
    await given(shop, placed).when(ConfirmReservation(about)).thenForbidden();
    await given(shop, placed, reserved).when(ConfirmPayment(about)).thenForbidden();
  });
});
