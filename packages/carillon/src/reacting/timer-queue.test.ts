import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { type QueuedTimer, TimerQueue } from './timer-queue.js';

const hourMs = 3_600_000;

function timer(n: number, dueMs: number): QueuedTimer {
  return { timerId: `t${n}`, key: 'k', timer: 'late', dueAt: new Date(dueMs) };
}

test('timers that are set anew again and again take no memory', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const queue = new TimerQueue();
  const all: WeakRef<QueuedTimer>[] = [];
  for (let n = 0; n < 10_000; n++) {
    const one = timer(n, n + hourMs);
    all.push(new WeakRef(one));
    queue.add(one);
    queue.remove(`t${n - 1}`);
  }
  // What a WeakRef has shown stays until the next turn.
  await sleep(1);
  gc();
  expect(all.filter((one) => one.deref() !== undefined).length).toBeLessThan(2_000);
  expect(queue.all()).toHaveLength(1);
});

test('timers come in the order in which they are due, whatever was taken back meanwhile', () => {
  const queue = new TimerQueue();
  const dueMs = (n: number) => (n * 7_919) % 10_007;
  for (let n = 0; n < 10_000; n++) queue.add(timer(n, dueMs(n)));
  for (let n = 0; n < 10_000; n++) if (n % 10 !== 0) queue.remove(`t${n}`);
  const expected = Array.from({ length: 1_000 }, (_, n) => dueMs(n * 10)).sort((one, other) => one - other);
  expect(queue.size).toBe(1_000);
  expect(queue.takeDue(new Date(hourMs), 2_000).map(({ dueAt }) => dueAt.getTime())).toEqual(expected);
  expect(queue.first()).toBeUndefined();
});
