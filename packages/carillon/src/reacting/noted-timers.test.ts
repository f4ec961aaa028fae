import { expect, it } from 'vitest';
import { memoryLog } from '../log/memory-log.js';
import { testClock } from '../testing/test-clock.js';
import { readNotedTimers } from './noted-timers.js';
import { ProcessTimers } from './process-timers.js';
import { systemScheduler } from './scheduler.js';
import { workEvent } from './work-events.js';

const process = 'waiting';

/** A process sets a timer; the one that is named is taken back. */
function advanced(n: number, minutes: number, cancelled: readonly string[] = []) {
  const dueAt = new Date(Date.UTC(2026, 0, 1, 12, minutes)).toISOString();
  const timersSet = [{ timer: 'due', timerId: `timer-${n}`, dueAt }];
  const data = { process, key: `k${n}`, trigger: n, commands: [], timersSet, timersCancelled: cancelled, ended: false };
  const tags = [`carillon.processes:${process}`, ...cancelled.map((timerId) => `carillon.timer:${timerId}`)];
  return workEvent('carillon:process-advanced', data, tags);
}

it('begins where it was noted which timers wait, and fires each of them once', async () => {
  const clock = testClock();
  const log = memoryLog({ clock });
  const parts = {
    log,
    scheduler: systemScheduler(clock),
    noteEvery: 1_000,
    onError: (error: unknown) => expect(error).toBeUndefined(),
  };
  await log.append(
    Array.from({ length: 2_500 }, (_, n) => advanced(n, 10 + (n % 20), n % 2 === 1 ? [`timer-${n - 1}`] : [])),
  );
  const first = new ProcessTimers(process, parts);
  await first.start();
  expect(first.waiting).toBe(1_250);
  await first.close();
  const noted = await readNotedTimers(log, process);
  expect(noted.through).toBe(2_500);
  expect(noted.timers).toHaveLength(1_250);

  await log.append([advanced(9_000, 5, ['timer-2499'])]);
  const second = new ProcessTimers(process, parts);
  await second.start();
  expect(second.waiting).toBe(1_250);
  clock.later({ minutes: 60 });
  for (let fired = 0; fired < 1_250; ) {
    second.wake(await log.head());
    await new Promise(setImmediate);
    fired = (await log.read({ items: [{ types: ['carillon:timer-fired'] }] })).length;
  }
  await second.close();
  const fired = await log.read({ items: [{ types: ['carillon:timer-fired'] }] });
  const ids = fired.map(({ data }) => (data as { timerId: string }).timerId);
  expect(new Set(ids).size).toBe(1_250);
  expect(ids).not.toContain('timer-2499');
  expect(ids[0]).toBe('timer-9000');
});
