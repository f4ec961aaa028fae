import { given, testApplication, testClock } from 'carillon/testing';
import { describe, expect, it } from 'vitest';
import { shop } from '../shop.js';
import { ProductAdded } from '../storefront/events.js';
import { ReceiveStock, ReleaseStock, ReserveStock, TakeOutStock } from './commands.js';
import { StockReceived, StockRefused, StockReleased, StockReserved, StockShipped } from './events.js';

const operator = { id: 'test', roles: ['operator'] };
const added = (productId: string) =>
  ProductAdded({ productId, name: productId, category: 'Kitchen', price: { amount: 100, currency: 'EUR' } });
const received = (productId: string, quantity: number) => StockReceived({ productId, quantity });
const lines = (...wanted: [string, number][]) => wanted.map(([productId, quantity]) => ({ productId, quantity }));
const reserve = (orderId: string, ...wanted: [string, number][]) => ReserveStock({ orderId, lines: lines(...wanted) });
const reserved = (orderId: string, ...wanted: [string, number][]) =>
  StockReserved({ orderId, lines: lines(...wanted) });

const house = given(shop, added('mug'), added('pan'), received('mug', 3), received('pan', 1)).as(operator);

describe('ReceiveStock', () => {
  it('puts pieces of a known product on the shelf', async () => {
    const receive = ReceiveStock({ productId: 'mug', quantity: 2 });
    await given(shop, added('mug')).when(receive).then(received('mug', 2));
    await given(shop).when(receive).thenRejected('UnknownProduct');
    await given(shop)
      .when(ReceiveStock({ productId: 'mug', quantity: 0 }))
      .thenInvalid(['/quantity']);
  });
});

describe('ReserveStock', () => {
  it('sets every line aside, down to the last piece', async () => {
    await house.when(reserve('o1', ['mug', 3], ['pan', 1])).then(reserved('o1', ['mug', 3], ['pan', 1]));
  });

  it('sets nothing aside when something is short, and says what', async () => {
    const missing = [{ productId: 'pan', wanted: 2, onHand: 1 }];
    const refused = house.when(reserve('o1', ['mug', 1], ['pan', 2]));
    await refused.then(StockRefused({ orderId: 'o1', missing }));
    await refused.when(reserve('o2', ['mug', 3], ['pan', 1])).then(reserved('o2', ['mug', 3], ['pan', 1]));
  });

  it('knows what is set aside for others, what was released and what has left', async () => {
    const taken = house.given(reserved('o1', ['mug', 2], ['pan', 1]));
    const short = (onHand: number) =>
      StockRefused({ orderId: 'o2', missing: [{ productId: 'mug', wanted: 2, onHand }] });
    await taken.when(reserve('o2', ['mug', 2])).then(short(1));
    await taken
      .when(ReleaseStock({ orderId: 'o1' }))
      .when(reserve('o2', ['mug', 2], ['pan', 1]))
      .then(reserved('o2', ['mug', 2], ['pan', 1]));
    await taken
      .when(TakeOutStock({ orderId: 'o1' }))
      .when(reserve('o2', ['mug', 2]))
      .then(short(1));
    await taken
      .given(received('mug', 1))
      .when(reserve('o2', ['mug', 2]))
      .then(reserved('o2', ['mug', 2]));
  });

  it('answers an order once', async () => {
    await house
      .given(reserved('o1', ['mug', 1]))
      .when(reserve('o1', ['mug', 1]))
      .thenNothing();
    await house
      .given(StockRefused({ orderId: 'o1', missing: [{ productId: 'mug', wanted: 9, onHand: 3 }] }))
      .when(reserve('o1', ['mug', 1]))
      .thenNothing();
  });

  it('gives the last piece to one of 200 orders that want it at once', async () => {
    const running = await testApplication(shop, { clock: testClock(), reactions: false });
    await running.log.append([added('mug'), added('pan'), received('mug', 1), received('pan', 200)]);
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        running.execute(reserve(`o${n}`, ['pan', 1], ['mug', 1]), { actor: operator }),
      ),
    );
    const count = async (type: string) => (await running.log.read({ items: [{ types: [type] }] })).length;
    const counts = [await count('StockReserved'), await count('StockRefused')];
    await running.close();
    expect(counts).toEqual([1, 199]);
  });

  it('is for reactions only', async () => {
    await given(shop, added('mug'))
      .when(reserve('o1', ['mug', 1]))
      .thenForbidden();
  });
});

describe('ReleaseStock', () => {
  it('frees what is set aside, once', async () => {
    const held = house.given(reserved('o1', ['mug', 2]));
    const release = ReleaseStock({ orderId: 'o1' });
    await held.when(release).then(StockReleased({ orderId: 'o1', lines: lines(['mug', 2]) }));
    await held.when(release).when(release).thenNothing();
    await house.when(release).thenNothing();
  });
});

describe('TakeOutStock', () => {
  it('takes out what is set aside, once, and nothing else', async () => {
    const held = house.given(reserved('o1', ['mug', 2]));
    const takeOut = TakeOutStock({ orderId: 'o1' });
    await held.when(takeOut).then(StockShipped({ orderId: 'o1', lines: lines(['mug', 2]) }));
    await held.when(takeOut).when(takeOut).thenNothing();
    await held
      .when(takeOut)
      .when(ReleaseStock({ orderId: 'o1' }))
      .thenNothing();
    await held
      .when(ReleaseStock({ orderId: 'o1' }))
      .when(takeOut)
      .thenRejected('NotReserved');
    await house.when(takeOut).thenRejected('NotReserved');
  });
});
