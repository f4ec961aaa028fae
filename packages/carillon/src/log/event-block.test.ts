import { expect, test } from 'vitest';
import type { RecordedEvent } from '../definitions/event.js';
import { EventBlock } from './event-block.js';
import { EventCodec } from './event-codec.js';
import { newLogSeeds } from './event-id.js';
import { hashQuery } from './hashed-query.js';
import { allEvents, type LogQuery } from './log-query.js';

const codec = new EventCodec(newLogSeeds());

function addTo(block: EventBlock, from: number, to: number): void {
  for (let n = from; n <= to; n++) {
    block.add(
      codec.encode({ type: n % 2 === 0 ? 'Even' : 'Odd', version: 1, data: n, tags: [`three:${n % 3}`, `own:${n}`] }),
    );
  }
}

/** Positions 11 to 30. */
function filled(): EventBlock {
  const block = new EventBlock(11, codec);
  addTo(block, 11, 30);
  return block;
}

function find(block: EventBlock, query: LogQuery, from = 0, to = 99, limit = 99, backwards = false): number[] {
  const found: RecordedEvent[] = [];
  block.find(query, hashQuery(query, codec.hash), { from, to, limit, backwards }, found);
  for (const { position, data } of found) expect(data).toBe(position);
  return found.map(({ position }) => position);
}

test('it finds within a range, up to a limit, in both directions', () => {
  const block = filled();
  const three = { items: [{ tags: ['three:0'] }] };
  expect(find(block, three)).toEqual([12, 15, 18, 21, 24, 27, 30]);
  expect(find(block, three, 15, 24)).toEqual([15, 18, 21, 24]);
  expect(find(block, three, 16, 23, 1)).toEqual([18]);
  expect(find(block, three, 15, 24, 2, true)).toEqual([24, 21]);
  expect(find(block, allEvents, 28)).toEqual([28, 29, 30]);
  expect(find(block, allEvents, 0, 99, 2, true)).toEqual([30, 29]);
  expect(find(block, { items: [{ types: ['Even', 'Odd'], tags: [] }] }, 14, 17)).toEqual([14, 15, 16, 17]);
  expect(find(block, { items: [{ tags: ['three:0'], types: ['Even'] }, { tags: ['own:13'] }] }, 0, 99, 3)).toEqual([
    12, 13, 18,
  ]);
  expect(find(block, { items: [{ tags: ['three:0', 'own:13'] }] })).toEqual([]);
  expect(find(block, allEvents, 31)).toEqual([]);
});

test('what is taken out is found no more, and its size is given back', () => {
  const block = filled();
  const whole = block.sizeBytes;
  block.truncate(20);
  expect(block.last).toBe(20);
  expect(find(block, { items: [{ types: ['Even'] }] })).toEqual([12, 14, 16, 18, 20]);
  expect(find(block, { items: [{ tags: ['own:21'] }] })).toEqual([]);
  addTo(block, 21, 30);
  expect(block.sizeBytes).toBe(whole);
  expect(find(block, { items: [{ tags: ['own:21'] }] })).toEqual([21]);
  block.truncate(10);
  expect(block.sizeBytes).toBe(0);
  expect(find(block, allEvents)).toEqual([]);
});
