import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite, type Sqlite } from '../../sqlite/driver.js';
import { fanIn, IndexWriter } from './index-writer.js';
import { PageReader, PostingCursor } from './posting-cursor.js';
import { prepareSchema } from './schema.js';
import { loadSegments } from './segment.js';

let folder: string;
let db: Sqlite;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-index-'));
  db = openSqlite(join(folder, 'log.db'));
  db.pragma('synchronous = OFF');
  prepareSchema(db, 'log.db');
});
afterEach(async () => {
  db.close();
  await rm(folder, { recursive: true });
});

const limits = { segmentEvents: 3_000, segmentBytes: 1_000_000_000 };

/** One hash that every event has, one that every third has, one that is each event's own. */
const everyone = 7;
const third = 4_294_967_295;
const own = (position: number) => Math.imul(position, 2_654_435_761) >>> 0;

function fill(index: IndexWriter, from: number, to: number): void {
  for (let position = from; position <= to; position++) {
    index.add(position % 3 === 0 ? [everyone, third, own(position)] : [everyone, own(position)], 100);
    while (index.hasWork) index.step();
  }
}

function occurrences(hash: number, backwards: boolean): number[] {
  const pages = new PageReader(db);
  const found: number[] = [];
  for (const segment of loadSegments(db)) {
    const cursor = new PostingCursor(pages, segment, hash, backwards);
    const step = backwards ? -1 : 1;
    const last = segment.last - segment.first;
    const here: number[] = [];
    for (let next = backwards ? last : 0; ; ) {
      const offset = cursor.seek(next);
      if (offset === undefined) break;
      here.push(segment.first + offset);
      next = offset + step;
    }
    found.push(...(backwards ? here.reverse() : here));
  }
  return found;
}

test('whatever is added is found, through segments and merges of several levels, in both directions', () => {
  const index = new IndexWriter(db, 1, { ...limits, segmentEvents: 300 });
  fill(index, 1, 300 * fanIn * fanIn + 300 * 3);
  const total = index.indexedThrough;
  expect(total).toBe(300 * (fanIn * fanIn + 3));
  const positions = Array.from({ length: total }, (_, n) => n + 1);
  expect(loadSegments(db).map(({ level }) => level)).toEqual([2, 0, 0, 0]);
  for (const backwards of [false, true]) {
    expect(occurrences(everyone, backwards)).toEqual(positions);
    expect(occurrences(third, backwards)).toEqual(positions.filter((position) => position % 3 === 0));
    for (let position = 1; position <= total; position += 611)
      expect(occurrences(own(position), backwards)).toEqual([position]);
    expect(occurrences(8, backwards)).toEqual([]);
    expect(occurrences(0, backwards)).toEqual([]);
  }
});

test('a cursor can begin anywhere', () => {
  const index = new IndexWriter(db, 1, limits);
  fill(index, 1, 9_000);
  const [segment] = loadSegments(db);
  if (segment === undefined) throw new Error('there is no segment');
  const pages = new PageReader(db);
  for (const target of [0, 1, 2, 1_999, 2_000, 2_001, 2_998, 2_999]) {
    // Positions 3, 6, … have offsets 2, 5, …
    const forwards = target + ((((2 - target) % 3) + 3) % 3);
    expect(new PostingCursor(pages, segment, third, false).seek(target)).toBe(forwards < 3_000 ? forwards : undefined);
    const backwards = target - ((((target - 2) % 3) + 3) % 3);
    expect(new PostingCursor(pages, segment, third, true).seek(target)).toBe(backwards >= 0 ? backwards : undefined);
    expect(new PostingCursor(pages, segment, everyone, false).seek(target)).toBe(target);
    expect(new PostingCursor(pages, segment, everyone, true).seek(target)).toBe(target);
  }
});

test('merged segments leave no pages behind', () => {
  const index = new IndexWriter(db, 1, { ...limits, segmentEvents: 300 });
  fill(index, 1, 300 * fanIn);
  const listed = loadSegments(db).reduce((sum, { fences }) => sum + fences.length / 2, 0);
  expect(loadSegments(db).length).toBe(1);
  expect(db.prepare('SELECT count(*) FROM index_pages').pluck().get()).toBe(listed);
});

test('a merge that was interrupted is thrown away, and made again', () => {
  // One step of merging is not enough for them.
  const events = 24_000 / fanIn;
  const large = { ...limits, segmentEvents: events };
  const index = new IndexWriter(db, 1, large);
  for (let position = 1; position <= 24_000; position++) {
    index.add([everyone, own(position)], 100);
    if (position % events === 0) index.step();
  }
  index.step();
  expect(loadSegments(db).length).toBe(fanIn);
  const pagesBefore = db.prepare('SELECT count(*) FROM index_pages').pluck().get() as number;
  const listed = loadSegments(db).reduce((sum, { fences }) => sum + fences.length / 2, 0);
  expect(pagesBefore).toBeGreaterThan(listed);

  const again = new IndexWriter(db, 1, large);
  while (again.hasWork) again.step();
  expect(loadSegments(db).map(({ first, last, level }) => [first, last, level])).toEqual([[1, 24_000, 1]]);
  expect(occurrences(everyone, false)).toEqual(Array.from({ length: 24_000 }, (_, n) => n + 1));
  const pages = db.prepare('SELECT count(*) FROM index_pages').pluck().get();
  expect(pages).toBe((loadSegments(db)[0]?.fences.length ?? 0) / 2);
});

test('after a crash the events beyond the last segment are indexed again', () => {
  db.exec("INSERT INTO event_kinds VALUES (1, 'A', 1)");
  const insert = db.prepare("INSERT INTO events VALUES (?, 1, 0, NULL, '[\"n:1\"]', '{}', NULL)");
  for (let position = 1; position <= 7_000; position++) insert.run(position);
  const index = new IndexWriter(db, 1, limits);
  while (index.hasWork) index.step();
  expect(index.indexedThrough).toBe(6_999 + 1);
});
