import { expect, it } from 'vitest';
import { memoryLog } from '../log/memory-log.js';
import { Raised, values } from './counter.fixture.js';
import { readModelStatus } from './read-model-status.js';

it('says that a read model lags when something it handles has waited for long, or much has, and not because of anything else', async () => {
  let now = 1_000_000;
  const log = memoryLog({ clock: () => new Date(now) });
  const state = { build: 1, position: 1, failure: undefined, begunAt: '', isServing: true, next: undefined };
  const status = async () => readModelStatus(values, state, log, await log.head(), now);
  const raised = Raised({ counter: 'a', by: 1 });
  const other = { ...raised, type: 'Other' };
  await log.append([raised, other, other]);
  now += 60_000;
  expect(await status()).toMatchObject({ status: 'current', position: 1, head: 3, lagEvents: 0, lagMs: 0 });
  await log.append([raised]);
  now += 9_000;
  expect(await status()).toMatchObject({ status: 'current', lagEvents: 3, lagMs: 9_000 });
  now += 2_000;
  expect(await status()).toMatchObject({ status: 'behind', lagEvents: 3, lagMs: 11_000 });
  now -= 11_000;
  await log.append(Array.from({ length: 998 }, () => other));
  expect(await status()).toMatchObject({ status: 'behind', lagEvents: 1_001, lagMs: 0 });
  await log.close();
});
