import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { shop } from '../shop.js';
import { CallOffPayment, RecordCharge, RecordDecline, RecordRefund, RequestPayment } from './commands.js';
import { PaymentDeclined, PaymentReceived, PaymentRefunded } from './events.js';
import { PaymentCalledOff, PaymentRequested, RefundDue } from './private-events.js';

const amount = { amount: 950, currency: 'EUR' };
const requested = PaymentRequested({ orderId: 'o1', customerId: 'ada', amount });
const received = PaymentReceived({ orderId: 'o1', amount, chargeId: 'charge-1' });
const declined = PaymentDeclined({ orderId: 'o1', reason: 'no money' });
const calledOff = PaymentCalledOff({ orderId: 'o1' });
const refundDue = RefundDue({ orderId: 'o1', amount, chargeId: 'charge-1' });
const refunded = PaymentRefunded({ orderId: 'o1', amount, refundId: 'refund-1' });

const request = RequestPayment({ orderId: 'o1', customerId: 'ada', amount });
const charge = RecordCharge({ orderId: 'o1', chargeId: 'charge-1' });
const decline = RecordDecline({ orderId: 'o1', reason: 'no money' });
const callOff = CallOffPayment({ orderId: 'o1' });
const refund = RecordRefund({ orderId: 'o1', refundId: 'refund-1' });

const desk = given(shop).as({ id: 'test', roles: ['operator'] });

describe('RequestPayment', () => {
  it('notes that the money is asked for, once, unless it is not wanted any more', async () => {
    await desk.when(request).then(requested);
    await desk.given(requested).when(request).thenNothing();
    await desk.given(calledOff).when(request).thenRejected('CalledOff');
  });
});

describe('RecordCharge', () => {
  it('notes that the money is there, once', async () => {
    await desk.given(requested).when(charge).then(received);
    await desk.given(requested, received).when(charge).thenNothing();
    await desk.when(charge).thenRejected('NotRequested');
  });

  it('makes a refund due when the money is not wanted any more', async () => {
    await desk.given(requested, calledOff).when(charge).then(received, refundDue);
    await desk.given(requested, calledOff, received, refundDue).when(charge).thenNothing();
  });
});

describe('RecordDecline', () => {
  it('notes that no money will come, once', async () => {
    await desk.given(requested).when(decline).then(declined);
    await desk.given(requested, declined).when(decline).thenNothing();
    await desk.given(requested, calledOff).when(decline).then(declined);
    await desk.when(decline).thenRejected('NotRequested');
  });
});

describe('CallOffPayment', () => {
  it('asks for money that has come to be given back, once', async () => {
    await desk.given(requested, received).when(callOff).then(refundDue);
    await desk.given(requested, received, refundDue).when(callOff).thenNothing();
    await desk.given(requested, received, refundDue, refunded).when(callOff).thenNothing();
  });

  it('notes that money which has not come is not wanted', async () => {
    await desk.when(callOff).then(calledOff);
    await desk.given(requested).when(callOff).then(calledOff);
    await desk.given(requested, calledOff).when(callOff).thenNothing();
    await desk.given(requested, declined).when(callOff).thenNothing();
  });
});

describe('RecordRefund', () => {
  it('notes that the money is given back, once', async () => {
    await desk.given(requested, received, refundDue).when(refund).then(refunded);
    await desk.given(requested, received, refundDue, refunded).when(refund).thenNothing();
    await desk.given(requested, received).when(refund).thenRejected('NoRefundDue');
  });
});

it('lets nobody outside meddle with money', async () => {
  for (const command of [request, charge, decline, callOff, refund]) await given(shop).when(command).thenForbidden();
});
