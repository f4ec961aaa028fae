import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RecordedEvent } from '../definitions/event.js';
import { reactionWarnings } from './reaction-warning.js';

const event = { type: 'Rang', position: 7 } as RecordedEvent;
let said: string[];

beforeEach(() => {
  said = [];
  vi.useFakeTimers();
  vi.spyOn(process, 'emitWarning').mockImplementation((text) => void said.push(String(text)));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('warns of attempts that are made again once a minute for each reaction, and says how many it kept to itself', () => {
  const warn = reactionWarnings();
  const fail = (reaction: string) => warn({ reaction, error: new Error('away'), event, outcome: 'retried' });
  for (let n = 0; n < 5; n++) fail('charge');
  fail('pack');
  expect(said).toEqual([
    'Reaction charge failed at Rang (position 7), and it is tried again: away',
    'Reaction pack failed at Rang (position 7), and it is tried again: away',
  ]);
  vi.advanceTimersByTime(60_000);
  fail('charge');
  expect(said[2]).toBe(
    'Reaction charge failed at Rang (position 7), and it is tried again (4 more since the last warning): away',
  );
});

it('warns of every event that is parked', () => {
  const warn = reactionWarnings();
  for (let n = 0; n < 3; n++) warn({ reaction: 'charge', error: 'away', event, outcome: 'parked' });
  expect(said).toHaveLength(3);
  expect(said[0]).toBe('Reaction charge failed at Rang (position 7), and it is parked: retry or skip it: away');
});
