import { EventCodec } from 'carillon/adapters';
import type { Log } from 'carillon/log';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { IndexTables } from './index-tables.js';
import { segmentEvents } from './log-schema.js';
import { openPostgresLog } from './open.js';
import { SegmentPostings } from './segment-postings.js';

let server: EmbeddedPostgres;
let pool: pg.Pool;
let schemas = 0;
let schema: string;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
});
afterAll(() => server?.stop());
beforeEach(() => {
  schema = `indexed_${++schemas}`;
  pool = new pg.Pool({ connectionString: server.url });
  pool.on('error', () => undefined);
});
afterEach(() => pool.end());

const open = () => openPostgresLog({ url: server.url, schema, pollMs: 20 });

/** Every third event has a tag of its own, every other one the tag `even`. */
async function append(log: Log, from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += 1_000) {
    await log.append(
      Array.from({ length: Math.min(1_000, to - first + 1) }, (_, n) => ({
        type: 'Noted',
        version: 1,
        data: { n: first + n },
        tags: [...((first + n) % 2 === 0 ? ['even'] : []), ...((first + n) % 3 === 0 ? [`own:${first + n}`] : [])],
      })),
    );
  }
}

async function extent(): Promise<{ segments: number; written: number }> {
  return new IndexTables(pool, schema).extent();
}

async function codec(): Promise<EventCodec> {
  const { rows } = await pool.query(`SELECT id_seed, hash_seed FROM ${schema}.log_head`);
  return new EventCodec({ idSeed: rows[0].id_seed, hashSeed: Number(rows[0].hash_seed) });
}

/** The rows of the index, as they would be if the events in the log had been indexed in one go. */
async function expectCompleteIndex(segments: number): Promise<void> {
  const { hash } = await codec();
  const stored = await pool.query(
    `SELECT segment, hash, encode(offsets, 'hex') AS offsets FROM ${schema}.postings ORDER BY segment, hash`,
  );
  const wanted: unknown[] = [];
  for (let segment = 0; segment < segments; segment++) {
    const postings = new SegmentPostings(segment, (position, visit) => {
      visit(hash.ofType('Noted'));
      if (position % 2 === 0) visit(hash.ofTag('even'));
      if (position % 3 === 0) visit(hash.ofTag(`own:${position}`));
    });
    const [hashes, lists] = postings.columns(0, postings.rows);
    const offsets = lists.split(' ');
    const rows = (JSON.parse(`[${hashes.slice(1, -1)}]`) as number[]).map((one, n) => ({
      segment,
      hash: one,
      offsets: offsets[n],
    }));
    wanted.push(...rows.sort((one, other) => one.hash - other.hash));
  }
  expect(stored.rows).toEqual(wanted);
}

/** `last` is the position of the newest event, and an odd multiple of 3. */
async function expectFound(log: Log, last: number): Promise<void> {
  const own = await log.read({ items: [{ tags: ['own:3'] }, { tags: [`own:${last}`] }] });
  expect(own.map(({ position }) => position)).toEqual([3, last]);
  const both = await log.read({ items: [{ tags: ['even', 'own:9999'] }, { tags: ['own:9996', 'even'] }] });
  expect(both.map(({ position }) => position)).toEqual([9_996]);
  const newest = await log.read({ items: [{ types: ['Noted'], tags: ['even'] }] }, { backwards: true, limit: 3 });
  expect(newest.map(({ position }) => position)).toEqual([last - 1, last - 3, last - 5]);
}

test('the index follows the log, and what it says is found', async () => {
  const log = await open();
  await append(log, 1, 3 * segmentEvents + 3);
  await expect.poll(() => extent()).toEqual({ segments: 3, written: 0 });
  await expectCompleteIndex(3);
  await expectFound(log, 3 * segmentEvents + 3);
  await log.close();
  // Now none of it is in memory that was not read for it.
  const again = await open();
  await expectFound(again, 3 * segmentEvents + 3);
  await again.close();
});

test('two who are at it at the same time write it once', async () => {
  const one = await open();
  const other = await open();
  const last = 3 * segmentEvents + 3;
  await append(one, 1, last);
  await expect.poll(() => extent()).toEqual({ segments: 3, written: 0 });
  await expectCompleteIndex(3);
  await expect.poll(() => other.head()).toBe(last);
  await expectFound(other, last);
  await Promise.all([one.close(), other.close()]);
});

test('what somebody had begun before he died, another one finishes', async () => {
  const log = await open();
  await append(log, 1, segmentEvents - 1);
  const { hash } = await codec();
  const begun = new SegmentPostings(0, (position, visit) => {
    visit(hash.ofType('Noted'));
    if (position % 2 === 0) visit(hash.ofTag('even'));
    if (position % 3 === 0) visit(hash.ofTag(`own:${position}`));
  });
  await new IndexTables(pool, schema).write(begun, 0, 100);
  // It may still live, so it is waited for; it says nothing more.
  await append(log, segmentEvents, segmentEvents + 1_000);
  await expect.poll(extent).toEqual({ segments: 0, written: 100 });
  await append(log, segmentEvents + 1_001, segmentEvents + 3_000);
  await expect.poll(() => extent()).toEqual({ segments: 1, written: 0 });
  await expectCompleteIndex(1);
  await log.close();
});

test('who comes with a piece that is written already, or of another segment, changes nothing and learns how far it is', async () => {
  const log = await open();
  await append(log, 1, 10);
  await log.close();
  const tables = new IndexTables(pool, schema);
  const segment = (number: number) => new SegmentPostings(number, (position, visit) => visit(position));
  expect(await tables.write(segment(0), 0, 10)).toEqual({ segments: 0, written: 10 });
  expect(await tables.write(segment(0), 0, 5)).toEqual({ segments: 0, written: 10 });
  expect(await tables.write(segment(1), 0, 5)).toEqual({ segments: 0, written: 10 });
  expect((await pool.query(`SELECT count(*)::int AS n FROM ${schema}.postings`)).rows).toEqual([{ n: 10 }]);
});

test('opening indexes what nobody has, before anything is kept in memory', async () => {
  await (await open()).close();
  const writer = await open();
  await pool.query(`ALTER FUNCTION ${schema}.index_postings RENAME TO not_now`);
  await append(writer, 1, 2 * segmentEvents + 5);
  await writer.close();
  expect(await extent()).toEqual({ segments: 0, written: 0 });
  await pool.query(`ALTER FUNCTION ${schema}.not_now RENAME TO index_postings`);
  const log = await open();
  expect(await extent()).toEqual({ segments: 2, written: 0 });
  await expectCompleteIndex(2);
  await expectFound(log, 2 * segmentEvents + 5);
  await log.close();
});
