import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TimeLimit } from './time-limit.js';

const late = () => new Error('late');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('what comes in time is given on, be it a result or an error', async () => {
  const limit = new TimeLimit(60_000, late);
  expect(await limit.within(Promise.resolve(1))).toBe(1);
  await expect(limit.within(Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
});

test('who waits for what never comes is told, and what comes later does no harm', async () => {
  const limit = new TimeLimit(20, late);
  let fail = (_: Error) => {};
  const wrong = new Promise((_, reject) => {
    fail = reject;
  });
  const told = [limit.within(new Promise(() => undefined)), limit.within(wrong)].map(isLate);
  await vi.advanceTimersByTimeAsync(40);
  await Promise.all(told);
  fail(new Error('wrong'));
  await vi.advanceTimersByTimeAsync(40);
  // It goes on after everything was over.
  const again = isLate(limit.within(new Promise(() => undefined)));
  await vi.advanceTimersByTimeAsync(40);
  await again;
});

test('who came first does not keep who came later from being told in turn', async () => {
  const limit = new TimeLimit(100, late);
  const told: string[] = [];
  const wait = (name: string) => limit.within(new Promise(() => undefined)).catch(() => told.push(name));
  void wait('first');
  await vi.advanceTimersByTimeAsync(60);
  void wait('second');
  await vi.advanceTimersByTimeAsync(60);
  expect(told).toEqual(['first']);
  await vi.advanceTimersByTimeAsync(60);
  expect(told).toEqual(['first', 'second']);
});

function isLate(result: Promise<unknown>): Promise<void> {
  return expect(result).rejects.toThrow('late');
}
