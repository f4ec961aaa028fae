import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { TimeLimit } from './time-limit.js';

const late = () => new Error('late');

test('what comes in time is given on, be it a result or an error', async () => {
  const limit = new TimeLimit(60_000, late);
  expect(await limit.within(Promise.resolve(1))).toBe(1);
  await expect(limit.within(Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
});

test('who waits for what never comes is told, and what comes later does no harm', async () => {
  const limit = new TimeLimit(20, late);
  const never = limit.within(new Promise(() => undefined));
  const tooLate = limit.within(sleep(200).then(() => Promise.reject(new Error('wrong'))));
  await expect(never).rejects.toThrow('late');
  await expect(tooLate).rejects.toThrow('late');
  await sleep(250);
  // It goes on after everything was over.
  await expect(limit.within(new Promise(() => undefined))).rejects.toThrow('late');
});

test('who came first does not keep who came later from being told in turn', async () => {
  const limit = new TimeLimit(100, late);
  const told: string[] = [];
  const wait = (name: string) => limit.within(new Promise(() => undefined)).catch(() => told.push(name));
  const first = wait('first');
  await sleep(60);
  const second = wait('second');
  await first;
  expect(told).toEqual(['first']);
  await second;
  expect(told).toEqual(['first', 'second']);
});
