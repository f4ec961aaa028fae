import { expect, test } from 'vitest';
import { eventIds } from './event-id.js';

test('an id is a UUIDv7 of time, seed and position', () => {
  const idOf = eventIds('0123abcd');
  const time = Date.parse('2026-03-01T12:00:00.123Z');
  expect(idOf(time, 1)).toBe('019ca945-0a7b-7012-83ab-cd0000000001');
  expect(idOf(time, 0xabcdef)).toBe('019ca945-0a7b-7012-83ab-cd0000abcdef');
  expect(idOf(time + 1, 1)).toBe('019ca945-0a7c-7012-83ab-cd0000000001');
});

test('ids sort as the events do', () => {
  const idOf = eventIds('ffffffff');
  const ids = [idOf(1_000, 1), idOf(1_000, 2), idOf(1_000, 300), idOf(2_000, 301), idOf(2 ** 40, 2 ** 39)];
  expect(ids.toSorted()).toEqual(ids);
});
