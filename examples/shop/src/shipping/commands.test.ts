import { given, testApplication, testClock } from 'carillon/testing';
import { describe, expect, it } from 'vitest';
import { OrderPaid } from '../ordering/events.js';
import { shop } from '../shop.js';
import { ShipParcel, StopShipment } from './commands.js';
import { ParcelShipped, ShipmentStopped } from './events.js';

const operator = { id: 'test', roles: ['operator'] };
const price = { amount: 950, currency: 'EUR' };
const paid = (orderId = 'o1') =>
  OrderPaid({
    orderId,
    customerId: 'ada',
    lines: [{ productId: 'mug', name: 'Mug', quantity: 2, price }],
    total: { amount: 1_900, currency: 'EUR' },
  });
const shipped = ParcelShipped({ orderId: 'o1', lines: [{ productId: 'mug', quantity: 2 }] });
const stopped = ShipmentStopped({ orderId: 'o1' });
const ship = ShipParcel({ orderId: 'o1' });
const stop = StopShipment({ orderId: 'o1' });

const desk = given(shop).as(operator);

describe('ShipParcel', () => {
  it('ships what is paid, once', async () => {
    await desk.given(paid()).when(ship).then(shipped);
    await desk.given(paid(), shipped).when(ship).thenNothing();
    await desk.when(ship).thenRejected('NotPaid');
  });

  it('ships nothing that was stopped', async () => {
    await desk.given(paid(), stopped).when(ship).thenNothing();
  });
});

describe('StopShipment', () => {
  it('stops what has not left', async () => {
    await desk.given(paid()).when(stop).then(stopped);
    await desk.given(paid(), stopped).when(stop).thenNothing();
    await desk.given(paid(), shipped).when(stop).thenNothing();
  });
});

it('lets exactly one of both happen, however they come together', async () => {
  const running = await testApplication(shop, { clock: testClock(), reactions: false });
  const orderIds = Array.from({ length: 100 }, (_, n) => `o${n}`);
  await running.log.append(orderIds.map(paid));
  await Promise.all(
    orderIds.flatMap((orderId, n) => {
      const both = [ShipParcel({ orderId }), StopShipment({ orderId })];
      return (n % 2 === 0 ? both : both.reverse()).map((command) => running.execute(command, { actor: operator }));
    }),
  );
  const events = await running.log.read({ items: [{ types: ['ParcelShipped', 'ShipmentStopped'] }] });
  await running.close();
  expect(events.map(({ data }) => (data as { orderId: string }).orderId).sort()).toEqual([...orderIds].sort());
});
