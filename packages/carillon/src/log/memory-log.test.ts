import { describe, expect, test } from 'vitest';
import { logConformance } from '../conformance/log-conformance.js';
import { LogOverloadedError } from './log-errors.js';
import { memoryLog } from './memory-log.js';

const gone = { unsupported: 'memory is gone with the process' };
const infallible = { unsupported: 'memory does not fail' };

describe('the memory log conforms', () => {
  const cases = logConformance({
    open: async ({ clock }) => {
      const log = memoryLog({ clock });
      return {
        log,
        reopen: async () => Promise.reject(new Error(gone.unsupported)),
        breakStorage: async () => Promise.reject(new Error(infallible.unsupported)),
        repairStorage: async () => undefined,
        dispose: () => log.close(),
      };
    },
    features: { reopen: gone, storageFailure: infallible },
  });
  for (const { name, run } of cases) test(name, run);
});

test('the number of waiting events can be bounded', async () => {
  const log = memoryLog({ maxPendingEvents: 2 });
  const event = { type: 'A', version: 1, data: {}, tags: [] };
  const first = log.append([event, event]);
  await expect(log.append([event])).rejects.toThrow(LogOverloadedError);
  await first;
  expect(await log.append([event])).toEqual({ first: 3, last: 3 });
  await log.close();
});
