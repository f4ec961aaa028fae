import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../sqlite/driver.js';
import { EventCodec } from '../event-codec.js';
import { DirectWriter } from './direct-writer.js';
import { EventKinds } from './event-kinds.js';
import { prepareSchema } from './schema.js';
import { openSqliteLog } from './sqlite-log.js';
import { WriteTurn } from './write-turn.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-direct-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const happened = (n: number) => ({ type: 'Happened', version: 1, data: { n }, tags: [`thing:${n}`] });

describe('DirectWriter', () => {
  it('writes a small batch when it is its turn, and only then', () => {
    const file = join(folder, 'log.db');
    const db = openSqlite(file);
    const codec = new EventCodec(prepareSchema(db, file));
    const turn = new WriteTurn(WriteTurn.memory());
    const writer = new DirectWriter({ file, maxFileBytes: undefined }, turn);
    const kinds = new EventKinds([]);
    const batch = (first: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ ...codec.encode(happened(i)), position: first + i, recordedAtMs: 1 }));
    const written = () => db.prepare('SELECT position, data FROM events').raw().all();

    expect(writer.write(batch(1, 2), kinds)).toBe(true);
    expect(written()).toEqual([
      [1, '{"n":0}'],
      [2, '{"n":1}'],
    ]);
    turn.during(() => expect(writer.write(batch(3, 1), kinds)).toBe(false));
    expect(writer.write(batch(3, 9), kinds)).toBe(false);
    expect(() => writer.write(batch(4, 1), kinds)).toThrow('Position 4 does not follow on 2.');
    expect(written()).toHaveLength(2);
    expect(writer.write(batch(3, 1), kinds)).toBe(true);
    writer.close();
    db.close();
  });
});

describe('a log whose appends come one by one and many at a time', () => {
  it('has them all, in order, with an index of every one', async () => {
    const log = await openSqliteLog({ folder, segmentEvents: 300 });
    let count = 0;
    for (let round = 0; round < 40; round++) {
      for (let one = 0; one < 20; one++)
        expect(await log.append([happened(count)])).toEqual({ first: ++count, last: count });
      const many = Array.from({ length: 15 }, () => log.append([happened(count++)]));
      expect((await Promise.all(many)).map(({ last }) => last)).toEqual(many.map((_, i) => count - 14 + i));
    }
    for (let n = 0; n < count; n += 97) {
      const found = await log.read({ items: [{ tags: [`thing:${n}`] }] });
      expect(found.map(({ position, data }) => [position, data])).toEqual([[n + 1, { n }]]);
    }
    await log.close();
    const again = await openSqliteLog({ folder });
    expect(await again.head()).toBe(count);
    await again.close();
  });

  it('leaves nothing behind in the write-ahead log when it is closed', async () => {
    const log = await openSqliteLog({ folder });
    for (let n = 0; n < 100; n++) await log.append([happened(n)]);
    await log.close();
    expect(statSync(join(folder, 'log.db-wal'), { throwIfNoEntry: false })).toBeUndefined();
  });
});
