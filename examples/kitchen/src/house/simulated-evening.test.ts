import { testApplication, testClock } from 'carillon/testing';
import { expect, it } from 'vitest';
import { Floor } from '../floor/queries.js';
import { TakeOrder } from '../front-of-house/ordering.js';
import { SeatTable } from '../front-of-house/seating.js';
import { kitchen, kitchenAt } from '../kitchen.js';
import { EightySix } from '../pass/eighty-six.js';
import { guestsLeave, partyComes } from './simulated-evening.js';

it('fills the dining room, and whoever sits there has ordered', async () => {
  const running = await testApplication(kitchen, { reactions: false });
  await running.execute(EightySix({ dish: 'steak' }));
  for (let party = 0; party < 20; party++) {
    await partyComes(running);
    await running.idle();
  }
  const { result } = await running.query(Floor({}), { after: await running.log.head() });
  expect(result.tables).toHaveLength(12);
  expect(result.tables.filter(({ tickets }) => tickets.length === 0)).toEqual([]);
  await running.close();
});

it('is over when everybody has eaten: simulated guests leave, and others stay', async () => {
  const clock = testClock('2026-03-01T18:00:00Z');
  const running = await testApplication(kitchenAt({ minuteMs: 1_000 }), { clock });
  const later = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.later({ seconds: 1 });
      await running.idle();
    }
  };
  const guestsLeaveNow = () => guestsLeave(running, clock().getTime());
  await running.execute(SeatTable({ table: '1', guests: 1 }));
  await running.execute(TakeOrder({ ticketId: 'ours', table: '1', items: [{ dish: 'green-salad', course: 1 }] }));
  for (let party = 0; party < 2; party++) {
    await running.idle();
    await partyComes(running, () => 0.5);
  }

  await later(3);
  expect(await guestsLeaveNow()).toBe(2);
  await later(60);
  expect(await guestsLeaveNow()).toBe(0);
  const { result } = await running.query(Floor({}), { after: await running.log.head() });
  expect(result.tables.map(({ table }) => table)).toEqual(['1']);
  await running.close();
});
