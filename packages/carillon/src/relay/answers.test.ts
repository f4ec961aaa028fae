import { expect, test } from 'vitest';
import { memoryLog } from '../log/memory-log.js';
import { Answers } from './answers.js';
import { brokerWith } from './connected.fixture.js';

test('answers are offered anew when the broker is within reach again: it need not permit them any more', async () => {
  const broker = brokerWith();
  const { transport } = broker;
  let offered = 0;
  const failures: unknown[] = [];
  const refusing: typeof transport = {
    ...transport,
    answer: async (...args) => {
      if (++offered === 2) throw new Error('not permitted');
      return transport.answer(...args);
    },
  };
  const publisher = { system: 'system', module: 'desk' };
  const onFailure = (error: unknown) => void failures.push(error);
  const answers = new Answers({ log: memoryLog(), publisher, types: ['Placed'], transport: refusing, onFailure });
  answers.start();
  await expect.poll(() => offered).toBe(1);
  broker.loseLast(0);
  await expect.poll(() => offered).toBe(3);
  expect(failures.map(String)).toEqual(['Error: not permitted']);
  await answers.close();
});
