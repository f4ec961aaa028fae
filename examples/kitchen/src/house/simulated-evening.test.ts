import { testApplication } from 'carillon/testing';
import { expect, it } from 'vitest';
import { Floor } from '../floor/queries.js';
import { kitchen } from '../kitchen.js';
import { EightySix } from '../pass/eighty-six.js';
import { partyComes } from './simulated-evening.js';

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
