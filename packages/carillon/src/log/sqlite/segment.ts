import type { Sqlite } from '../../sqlite/driver.js';
import { BloomFilter } from './bloom-filter.js';

/** An immutable part of the index: where each tag and type occurs among the events from `first` to `last`. */
export interface Segment {
  /** Never used twice, not even for segments that are gone. */
  readonly id: number;
  readonly first: number;
  readonly last: number;
  /** How often it has been merged: segments of one level are of about one size. */
  readonly level: number;
  /** The first hash and offset of each page: hash, offset, hash, offset, … */
  readonly fences: Uint32Array;
  /** Of every hash in it; large segments, of which there are few, have none. */
  readonly filter: BloomFilter | undefined;
}

interface SegmentRow {
  id: number;
  first: number;
  last: number;
  level: number;
  fences: Buffer;
  filter: Buffer | null;
}

/** The most pages a segment can have. */
const pagesPerSegment = 4_194_304;

/** The key of a page in the table `index_pages`. */
export function pageKey(segmentId: number, page: number): number {
  return segmentId * pagesPerSegment + page;
}

/** The keys that the pages of a segment can have: the first, and the one after the last. */
export function pageKeys(segmentId: number): readonly [from: number, before: number] {
  return [segmentId * pagesPerSegment, (segmentId + 1) * pagesPerSegment];
}

/** The segment that a page belongs to. */
export function segmentOf(key: number): number {
  return Math.floor(key / pagesPerSegment);
}

/** Reads the list of segments, in the order of their events; takes those that are known already as they are. */
export function loadSegments(db: Sqlite, known: readonly Segment[] = []): Segment[] {
  const byId = new Map(known.map((segment) => [segment.id, segment]));
  const ids = db.prepare('SELECT id FROM index_segments ORDER BY first').pluck().all() as number[];
  const select = db.prepare('SELECT id, first, last, level, fences, filter FROM index_segments WHERE id = ?');
  const segments: Segment[] = [];
  for (const id of ids) {
    const segment = byId.get(id) ?? fromRow(select.get(id) as SegmentRow | undefined);
    // Merged away between the two statements: look again.
    if (segment === undefined) return loadSegments(db, known);
    segments.push(segment);
  }
  return segments;
}

/** Writes a finished segment into the list. Its pages are there already. */
export function insertSegment(db: Sqlite, { id, first, last, level, fences, filter }: Segment): void {
  db.prepare('INSERT INTO index_segments (id, first, last, level, fences, filter) VALUES (?, ?, ?, ?, ?, ?)').run(
    id,
    first,
    last,
    level,
    Buffer.from(fences.buffer, fences.byteOffset, fences.byteLength),
    filter === undefined ? null : Buffer.from(filter.bytes),
  );
}

function fromRow(row: SegmentRow | undefined): Segment | undefined {
  if (row === undefined) return undefined;
  const fences = new Uint32Array(row.fences.length / 4);
  new Uint8Array(fences.buffer).set(row.fences);
  const { id, first, last, level } = row;
  return { id, first, last, level, fences, filter: row.filter === null ? undefined : new BloomFilter(row.filter) };
}
