import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import type { NewEvent } from 'carillon';

/** The driver that Carillon uses on this Node. */
const driver = createRequire(import.meta.resolve('carillon'))(
  Number(process.versions['napi']) >= 10 ? 'better-sqlite3' : 'better-sqlite3-node20',
) as typeof BetterSqlite3;

/**
 * The least that the same durability takes: the same rows into one table without any index but the position, with WAL
 * and an fsync a transaction.
 *
 * @returns events a second
 */
export function rawInserts(folder: string, events: readonly NewEvent[], perTransaction: number): number {
  const db = new driver(join(folder, `raw-${perTransaction}.db`));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    `CREATE TABLE events (position INTEGER PRIMARY KEY, type TEXT, version INTEGER, data TEXT, tags TEXT, recorded_at INTEGER)`,
  );
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)');
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const begun = performance.now();
  for (let index = 0; index < events.length; ) {
    begin.run();
    for (const end = Math.min(events.length, index + perTransaction); index < end; index++) {
      const { type, version, data, tags } = events[index]!;
      insert.run(index + 1, type, version, JSON.stringify(data), JSON.stringify(tags), Date.now());
    }
    commit.run();
  }
  const seconds = (performance.now() - begun) / 1_000;
  db.close();
  return events.length / seconds;
}

/** How long a write of one page with an fdatasync takes on the disk of a folder, in milliseconds. */
export function fsyncDurations(folder: string, count: number): number[] {
  const file = openSync(join(folder, 'fsync'), 'w');
  const page = Buffer.alloc(4_096, 1);
  const durations: number[] = [];
  for (let index = 0; index < count; index++) {
    const begun = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    durations.push(performance.now() - begun);
  }
  closeSync(file);
  return durations;
}
