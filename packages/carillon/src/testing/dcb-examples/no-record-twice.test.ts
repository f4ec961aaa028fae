// https://dcb.events/examples/prevent-record-duplication/: a client-made id makes a second submission harmless.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { application, command, event, module, state } from '../../index.js';
import { given, testApplication } from '../index.js';

const OrderPlaced = event('OrderPlaced', {
  data: z.object({ orderId: z.string() }),
  tags: (e) => ({ order: e.orderId }),
});
const placed = state('order', { initial: false }).on(OrderPlaced, () => true);
const PlaceOrder = command('PlaceOrder', {
  data: z.object({ orderId: z.string() }),
  reads: (c) => ({ placed: placed(c.orderId) }),
  rejections: { Resubmitted: 'The order was placed already' },
  decide: ({ data, placed, reject }) => (placed ? reject('Resubmitted') : OrderPlaced(data)),
});
const ordering = application('ordering', {
  modules: [module('ordering', { publishes: [OrderPlaced], commands: [PlaceOrder] })],
});

it('is refused when the id is in the data', async () => {
  await given(ordering)
    .when(PlaceOrder({ orderId: 'o1' }))
    .then(OrderPlaced({ orderId: 'o1' }));
  await given(ordering, OrderPlaced({ orderId: 'o1' }))
    .when(PlaceOrder({ orderId: 'o1' }))
    .thenRejected('Resubmitted');
});

it('gets the receipt of the first when it is the same command sent again', async () => {
  const running = await testApplication(ordering);
  const send = () => running.execute(PlaceOrder({ orderId: 'o1' }), { commandId: 'attempt-1' });
  const [first, second] = await Promise.all([send(), send()]);
  const third = await send();
  const head = await running.log.head();
  await running.close();
  expect(first).toEqual({ commandId: 'attempt-1', position: 1 });
  expect([second, third]).toEqual([first, first]);
  expect(head).toBe(1);
});
