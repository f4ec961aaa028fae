// Orders from one end to the other, and every way out on the way.
import { describe, expect, it } from 'vitest';
import { ReceiveStock } from './inventory/commands.js';
import { CancelOrder, RequestRefund } from './ordering/cancelling.js';
import { planByCustomer } from './provider/plan.js';
import { heldLine, openShop } from './shop.fixture.js';

const untilPaid = ['OrderPlaced', 'StockReserved', 'OrderReserved', 'PaymentRequested', 'PaymentReceived', 'OrderPaid'];
const packed = { seconds: 2 };
const cancel = CancelOrder({ orderId: 'o1', reason: 'too slow' });
const refund = RequestRefund({ orderId: 'o1', reason: 'too small' });

describe('an order', () => {
  it('is reserved, paid and shipped', async () => {
    const { place, settled, history, clock, told, book } = await openShop();
    await place();
    await settled();
    expect(await history()).toEqual(untilPaid);
    clock.later(packed);
    await settled();
    expect((await history()).slice(6).sort()).toEqual(['OrderShipped', 'ParcelShipped', 'StockShipped']);
    expect(await told()).toEqual(['Order o1 is on its way to you.']);
    expect(book.entries()).toMatchObject([
      { kind: 'charge', orderId: 'o1', amount: { amount: 1_900, currency: 'EUR' } },
    ]);
  });

  it('is cancelled when something is short, and nothing is charged', async () => {
    const { place, settled, history, told, book } = await openShop();
    await place('o1', 'ada', 'pan', 2);
    await settled();
    expect(await history()).toEqual(['OrderPlaced', 'StockRefused', 'OrderCancelled', 'PaymentCalledOff']);
    expect(await told()).toEqual(['Order o1 was cancelled: Out of stock: The pan (2 ordered, 1 left).']);
    expect(book.entries()).toEqual([]);
  });

  it('is cancelled when the payment is declined, and others get what was set aside', async () => {
    const { place, settled, history, told, clock } = await openShop({ plan: planByCustomer });
    await place('o1', 'ada-declined', 'pan', 1);
    await settled();
    expect(await history()).toContain('StockReleased');
    expect(await told()).toEqual(['Order o1 was cancelled: The payment was declined: insufficient funds.']);
    await place('o2', 'bob', 'pan', 1);
    await settled();
    clock.later(packed);
    await settled();
    expect(await history('o2')).toContain('OrderShipped');
  });

  it('is charged once when answers get lost on their way', async () => {
    const { place, settled, history, book } = await openShop({ plan: planByCustomer });
    await place('o1', 'ada-silent');
    await settled();
    expect(await history()).toEqual(untilPaid);
    expect(book.entries()).toHaveLength(1);
  });

  it('is one order however often it is placed', async () => {
    const { place, settled, history } = await openShop();
    const results = await Promise.all(Array.from({ length: 50 }, () => place()));
    expect(results.filter((result) => result.rejected)).toEqual([]);
    expect(await place('o1', 'bob')).toMatchObject({ rejected: true, code: 'OrderExists' });
    await settled();
    expect(await history()).toEqual(untilPaid);
  });

  it('gets the last piece alone, or nothing', async () => {
    const { place, settled, history, running } = await openShop();
    const orderIds = Array.from({ length: 20 }, (_, n) => `o${n}`);
    await Promise.all(orderIds.map((orderId) => place(orderId, orderId, 'pan', 1)));
    await settled();
    const count = async (type: string) => (await running.log.read({ items: [{ types: [type] }] })).length;
    expect([await count('OrderPaid'), await count('OrderCancelled')]).toEqual([1, 19]);
    const [paid] = await running.log.read({ items: [{ types: ['OrderPaid'] }] });
    expect(await history((paid!.data as { orderId: string }).orderId)).toEqual(untilPaid);
  });
});

describe('an order that waits too long', () => {
  it('for inventory is cancelled; what is set aside afterwards is released', async () => {
    const { place, without, clock, running, settled, history, told } = await openShop();
    const comeBack = await without('follow-orders');
    await place();
    await running.idle();
    clock.later({ minutes: 10 });
    await running.idle();
    expect(await history()).toEqual(['OrderPlaced', 'OrderCancelled', 'PaymentCalledOff']);
    expect(await told()).toEqual(['Order o1 was cancelled: The warehouse did not answer in time.']);
    await comeBack();
    await settled();
    expect((await history()).slice(3)).toEqual(['StockReserved', 'StockReleased']);
  });

  it('for payment is cancelled; a charge that comes afterwards is given back', async () => {
    const { line, asked, letThrough } = heldLine();
    const { place, clock, happened, settled, history, told, book } = await openShop({ line });
    await place();
    await expect.poll(() => asked).toEqual(['o1']);
    clock.later({ minutes: 5 });
    await happened('StockReleased');
    await happened('PaymentCalledOff');
    expect(book.entries()).toEqual([]);
    letThrough();
    await settled();
    expect((await history()).slice(-4)).toEqual(['PaymentReceived', 'RefundDue', 'PaymentRefunded', 'OrderRefunded']);
    expect(book.entries().map(({ kind }) => kind)).toEqual(['charge', 'refund']);
    expect(await told()).toEqual([
      'Order o1 was cancelled: The payment did not come in time.',
      'For order o1 you have got €19.00 back.',
    ]);
  });

  it('for payment is cancelled; a refusal that comes afterwards changes nothing', async () => {
    const { line, asked, letThrough } = heldLine();
    const { place, clock, happened, settled, history } = await openShop({ line, plan: planByCustomer });
    await place('o1', 'ada-declined');
    await expect.poll(() => asked).toEqual(['o1']);
    clock.later({ minutes: 5 });
    await happened('PaymentCalledOff');
    letThrough();
    await settled();
    expect((await history()).at(-1)).toBe('PaymentDeclined');
  });

  it('waits no longer once the answer is there', async () => {
    const { place, settled, clock, history } = await openShop({ packingTime: { days: 1 } });
    await place();
    await settled();
    clock.later({ hours: 1 });
    await settled();
    expect(await history()).toEqual(untilPaid);
  });
});

describe('a cancellation', () => {
  it('before anything is set aside frees what is set aside afterwards, and nobody is charged', async () => {
    const { place, without, running, settled, history, book } = await openShop();
    const comeBack = await without('follow-orders');
    await place();
    expect(await running.execute(cancel)).toMatchObject({ position: expect.any(Number) });
    await running.idle();
    await comeBack();
    await settled();
    expect(await history()).toEqual([
      'OrderPlaced',
      'OrderCancelled',
      'PaymentCalledOff',
      'StockReserved',
      'StockReleased',
    ]);
    expect(book.entries()).toEqual([]);
  });

  it('between reservation and charge keeps the provider from being asked', async () => {
    const { place, without, happened, running, settled, history, book } = await openShop();
    const comeBack = await without('charge-orders');
    await place();
    await happened('OrderReserved');
    await running.execute(cancel);
    await happened('PaymentCalledOff');
    await comeBack();
    await settled();
    expect(await history()).not.toContain('PaymentRequested');
    expect(book.entries()).toEqual([]);
  });

  it('while the provider is charging gives the money back when it comes', async () => {
    const { line, asked, letThrough } = heldLine();
    const { place, running, happened, settled, history, told, book } = await openShop({ line });
    await place();
    await expect.poll(() => asked).toEqual(['o1']);
    await running.execute(cancel);
    await happened('StockReleased');
    await happened('PaymentCalledOff');
    letThrough();
    await settled();
    expect((await history()).slice(-4)).toEqual(['PaymentReceived', 'RefundDue', 'PaymentRefunded', 'OrderRefunded']);
    expect(book.entries().map(({ kind }) => kind)).toEqual(['charge', 'refund']);
    expect(await told()).toEqual(['Order o1 was cancelled: too slow.', 'For order o1 you have got €19.00 back.']);
  });

  it('that ordering decides before it hears of the payment gives the money back', async () => {
    const { place, without, happened, running, settled, history } = await openShop();
    await place('o0');
    await settled();
    const comeBack = await without('charge-orders');
    await place();
    await happened('OrderReserved');
    const hear = await without('fulfilment');
    await comeBack();
    await happened('PaymentReceived');
    await running.execute(cancel);
    await hear();
    await settled();
    expect(await history()).not.toContain('OrderPaid');
    expect((await history()).at(-1)).toBe('OrderRefunded');
  });

  it('of a paid order stops the parcel, and then gives the money back', async () => {
    const { place, running, settled, clock, history, told } = await openShop();
    await place();
    await settled();
    await running.execute(cancel);
    await settled();
    const events = (await history()).slice(6);
    expect(events.slice(0, 3)).toEqual(['CancellationRequested', 'ShipmentStopped', 'OrderCancelled']);
    expect(events.slice(3)).toEqual(expect.arrayContaining(['StockReleased', 'RefundDue', 'PaymentRefunded']));
    expect(events.at(-1)).toBe('OrderRefunded');
    expect(await told()).toEqual(['Order o1 was cancelled: too slow.', 'For order o1 you have got €19.00 back.']);
    clock.later({ days: 1 });
    await settled();
    expect(await history()).not.toContain('ParcelShipped');
  });

  it('that comes when the parcel has left fails, and the customer is told', async () => {
    const { place, running, settled, happened, without, clock, history, told, book } = await openShop();
    await place();
    await settled();
    const hear = await without('fulfilment');
    clock.later(packed);
    await happened('ParcelShipped');
    expect((await running.execute(cancel)).rejected).toBeUndefined();
    await hear();
    await settled();
    expect(await history()).toContain('CancellationFailed');
    expect(await history()).not.toContain('OrderCancelled');
    expect(await told()).toEqual([
      'Order o1 is on its way to you.',
      'Order o1 could not be cancelled: the parcel had left.',
    ]);
    expect(book.entries()).toHaveLength(1);
    expect(await running.execute(cancel)).toMatchObject({ code: 'AlreadyShipped' });
  });
});

describe('a refund', () => {
  it('of what has been shipped gives the money back, once, and leaves the goods', async () => {
    const { place, running, settled, clock, history, book } = await openShop();
    await place();
    await settled();
    clock.later(packed);
    await settled();
    const results = await Promise.all([running.execute(refund), running.execute(refund), running.execute(refund)]);
    expect(results.map((result) => result.rejected && result.code)).toEqual([
      undefined,
      'RefundUnderWay',
      'RefundUnderWay',
    ]);
    await settled();
    expect((await history()).slice(-4)).toEqual(['RefundRequested', 'RefundDue', 'PaymentRefunded', 'OrderRefunded']);
    expect(await history()).not.toContain('StockReleased');
    expect(book.entries().map(({ kind }) => kind)).toEqual(['charge', 'refund']);
    expect(await running.execute(refund)).toMatchObject({ code: 'AlreadyRefunded' });
  });

  it('that is asked for when the parcel leaves is given all the same', async () => {
    const { place, running, settled, happened, without, clock, history, book } = await openShop();
    await place();
    await settled();
    const hear = await without('fulfilment');
    clock.later(packed);
    await happened('ParcelShipped');
    await running.execute(refund);
    await hear();
    await settled();
    expect(await history()).toContain('RefundRequested');
    expect((await history()).at(-1)).toBe('OrderRefunded');
    expect(book.entries().map(({ kind }) => kind)).toEqual(['charge', 'refund']);
  });

  it('of what has not been shipped stops the parcel', async () => {
    const { place, running, settled, history } = await openShop();
    await place();
    await settled();
    await running.execute(refund);
    await settled();
    expect(await history()).toContain('ShipmentStopped');
    expect((await history()).at(-1)).toBe('OrderRefunded');
  });

  it('is given once although its answers get lost', async () => {
    const plan = ({ kind }: { kind: string }) => (kind === 'refund' ? { lostAnswers: 3 } : {});
    const { place, running, settled, book } = await openShop({ plan });
    await place();
    await settled();
    await running.execute(cancel);
    await settled();
    expect(book.entries().map(({ kind }) => kind)).toEqual(['charge', 'refund']);
  });
});

describe('an order that nothing can be done with', () => {
  it('parks only itself: a thousand others finish. It goes on when what was wrong is mended', async () => {
    let isMended = false;
    const { place, running, settled, happened } = await openShop({
      calls: { timeoutMs: 10_000, retry: { maxAttempts: 2, baseDelayMs: 1 } },
      line: (provider) => ({
        charge: async (request, options) => {
          if (request.orderId === 'poison' && !isMended) throw new Error('answers in Klingon');
          return provider.charge(request, options);
        },
        refund: (request, options) => provider.refund(request, options),
      }),
    });
    await running.execute(ReceiveStock({ productId: 'mug', quantity: 1_000 }));
    await place('poison', 'eve', 'mug', 1);
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => place(`o${n}`, 'ada', 'mug', 1)));
    await running.idle();
    expect(await running.log.read({ items: [{ types: ['OrderPaid'] }] }, { limit: 2_000 })).toHaveLength(1_000);
    const parked = (await running.reactions()).flatMap(({ name, parked }) => parked.map((one) => ({ name, ...one })));
    expect(parked).toMatchObject([
      { name: 'charge-orders', key: 'poison', message: 'answers in Klingon', attempts: 2 },
    ]);
    isMended = true;
    await running.retryParked('charge-orders', parked[0]!.position);
    await happened('OrderPaid', 'poison');
    await settled();
  });
});
