import { expect, test, vi } from 'vitest';
import { systemClock } from '../definitions/clock.js';
import { memoryLog } from '../log/memory-log.js';
import { ProcessTimers } from './process-timers.js';
import { processesTag, workEvent } from './work-events.js';

test('a timer that cannot be recorded as fired is tried again after a while, and the log is left in peace until then', async () => {
  const log = memoryLog();
  const dueAt = new Date(0).toISOString();
  const decided = { process: 'p', key: 'k', trigger: 0, commands: [], timersCancelled: [], ended: false };
  const timersSet = [{ timer: 'late', timerId: 't1', dueAt }];
  await log.append([workEvent('carillon:process-advanced', { ...decided, timersSet }, [processesTag('p')])]);
  const later: (() => void)[] = [];
  const scheduler = {
    clock: systemClock,
    random: () => 0,
    at: (_: Date, work: () => void) => {
      const immediate = setImmediate(work);
      return () => clearImmediate(immediate);
    },
    after: (_: number, work: () => void) => {
      later.push(work);
      return () => undefined;
    },
  };
  const append = vi.spyOn(log, 'append').mockRejectedValue(new Error('away'));
  const onError = vi.fn();
  const timers = new ProcessTimers('p', { log, scheduler, onError });
  await timers.start();
  await expect.poll(() => onError).toHaveBeenCalled();
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(append).toHaveBeenCalledOnce();
  append.mockRestore();
  for (const work of later) work();
  const fired = () => log.read({ items: [{ types: ['carillon:timer-fired'] }] });
  await expect.poll(fired).toHaveLength(1);
  await timers.close();
});
