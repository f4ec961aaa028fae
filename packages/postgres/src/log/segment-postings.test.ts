import { expect, test } from 'vitest';
import { segmentEvents } from './log-schema.js';
import { SegmentPostings, storedOffsets } from './segment-postings.js';

/** Every event has hash 7 and one of its own; the second of the segment has 0xffffffff, too, and twice 7. */
const postings = new SegmentPostings(3, (position, visit) => {
  visit(7);
  visit(1_000 + position);
  if (position === 3 * segmentEvents + 2) {
    visit(0xffff_ffff);
    visit(7);
  }
});

function offsets(list: string): number[] {
  return storedOffsets(Buffer.from(list, 'hex'));
}

test('it has a row for each hash, sorted, with the offsets of its events', () => {
  expect(postings.rows).toBe(segmentEvents + 2);
  const [hashes, lists] = postings.columns(0, 3);
  expect(hashes).toBe(`{7,${1_001 + 3 * segmentEvents},${1_002 + 3 * segmentEvents}}`);
  const [all, first, second] = lists.split(' ').map(offsets);
  expect(all).toHaveLength(segmentEvents);
  expect(all!.slice(0, 3)).toEqual([0, 1, 2]);
  expect(all!.at(-1)).toBe(segmentEvents - 1);
  expect([first, second]).toEqual([[0], [1]]);
});

test('hashes beyond the largest signed number are stored as negative ones', () => {
  expect(postings.columns(postings.rows - 1, postings.rows)).toEqual(['{-1}', '0001']);
});

test('an event that has a hash twice is listed once', () => {
  const [, lists] = postings.columns(0, 1);
  expect(new Set(offsets(lists)).size).toBe(offsets(lists).length);
});
