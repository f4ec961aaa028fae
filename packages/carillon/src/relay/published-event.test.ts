import { expect, it } from 'vitest';
import { memoryLog } from '../log/memory-log.js';
import { readIfPublished, readPublished, writePublished } from './published-event.js';

const publisher = { system: 'shop', module: 'payment' };

async function message() {
  const log = memoryLog();
  await log.append([{ type: 'Paid', version: 2, data: { amount: 3 }, tags: ['order:1', 'carillon.command:7'] }]);
  const [event] = await log.read({ items: [] });
  await log.close();
  return writePublished(event!, publisher, 0, ['Paid', 'Refunded']);
}

it('carries what an event is, except for tags that are about one log', async () => {
  const { id, body } = await message();
  expect(readPublished(body, publisher)).toMatchObject({
    event: { type: 'Paid', version: 2, data: { amount: 3 }, tags: ['order:1'], id },
    ...{ position: 1, previous: 0, types: ['Paid', 'Refunded'] },
  });
});

it.each([
  ['no data', { data: undefined }, 'it has no "data"'],
  ['tags that are no texts', { carillontags: '[{}]' }, 'its "carillontags" are no list of texts'],
  ['types that are no texts', { carillontypes: '[1]' }, 'its "carillontypes" are no list of texts'],
  ['an empty tag', { carillontags: '[""]' }, 'no log takes it'],
  ['no version', { carillonversion: 0 }, 'no log takes it'],
  ['an id that is too long', { id: 'x'.repeat(10_000) }, 'no log takes it'],
  ['another source', { source: '/shop/ordering' }, 'its source is /shop/ordering, and not /shop/payment'],
])('is no event with %s, which is reported', async (_, change, problem) => {
  const { body } = await message();
  const failures: unknown[] = [];
  const changed = JSON.stringify({ ...JSON.parse(body), ...change });
  expect(readIfPublished(changed, publisher, (error) => failures.push(error))).toBeUndefined();
  expect(failures).toEqual([expect.objectContaining({ message: expect.stringContaining(problem) })]);
});
