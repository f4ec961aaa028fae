import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '../log.js';
import { InvalidLogQueryError, LogClosedError, LogLimitError, LogOpenError } from '../log-errors.js';
import { allEvents, type LogQuery, matches } from '../log-query.js';
import { readAll } from '../read-all.js';
import { logFile, openSqliteLog } from './sqlite-log.js';
import { type LogReader, openSqliteLogReader } from './sqlite-log-reader.js';

let folder: string;
let log: Log;
let reader: LogReader;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-reader-'));
  log = await openSqliteLog({ folder, segmentEvents: 64 });
  reader = openSqliteLogReader(logFile(folder));
});
afterEach(async () => {
  await reader.close();
  await log.close();
  await rm(folder, { recursive: true });
});

const event = (n: number) => ({
  type: `Type${n % 3}`,
  version: 1,
  data: { n },
  tags: [`five:${n % 5}`, `seven:${n % 7}`],
});
const queries: LogQuery[] = [
  allEvents,
  { items: [{ types: ['Type1'] }] },
  { items: [{ types: ['Type0', 'Type2'] }] },
  { items: [{ tags: ['five:3'] }] },
  { items: [{ tags: ['five:3', 'seven:2'] }] },
  { items: [{ tags: ['five:3'], types: ['Type1'] }, { tags: ['seven:6'] }] },
  { items: [{ tags: ['five:9'] }] },
];

test('it sees what the owner wrote, indexed or not, in every way of reading', async () => {
  let written = 0;
  for (let round = 0; round < 12; round++) {
    const count = 40 + round * 17;
    await log.append(Array.from({ length: count }, (_, n) => event(written + n + 1)));
    written += count;
    expect(await reader.head()).toBe(written);
    const all = await reader.read(allEvents);
    expect(all.map(({ position, data }) => [position, data])).toEqual(
      Array.from({ length: written }, (_, n) => [n + 1, { n: n + 1 }]),
    );
    for (const query of queries) {
      const expected = all.filter((one) => matches(query, one));
      expect(await reader.read(query)).toEqual(expected);
      expect(await reader.read(query, { backwards: true, limit: 30 })).toEqual(expected.toReversed().slice(0, 30));
      const after = Math.floor(written / 2);
      expect(await reader.read(query, { after, limit: 25 })).toEqual(
        expected.filter((one) => one.position > after).slice(0, 25),
      );
      expect(await log.read(query)).toEqual(expected);
    }
  }
});

test('it follows an owner who writes and merges all the time, without gaps', async () => {
  const total = 6_000;
  const query: LogQuery = { items: [{ tags: ['five:1'] }, { tags: ['five:2'] }] };
  const writing = (async () => {
    for (let n = 0; n < total; n += 20) await log.append(Array.from({ length: 20 }, (_, i) => event(n + i + 1)));
  })();
  const seen: number[] = [];
  while (seen.length < (total / 5) * 2) {
    for await (const { position } of readAll(reader, query, { after: seen.at(-1) ?? 0, pageSize: 50 }))
      seen.push(position);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  expect(seen).toEqual(Array.from({ length: total }, (_, n) => n + 1).filter((n) => n % 5 === 1 || n % 5 === 2));
});

test('it reads a log that nobody has open', async () => {
  await log.append([event(1)]);
  await log.close();
  const alone = openSqliteLogReader(logFile(folder));
  expect((await alone.read(allEvents)).map(({ data }) => data)).toEqual([{ n: 1 }]);
  await alone.close();
});

test('it refuses what the log refuses, and everything after close', async () => {
  await expect(reader.read({ items: [{}] })).rejects.toThrow(InvalidLogQueryError);
  await expect(reader.read(allEvents, { limit: 0 })).rejects.toThrow(LogLimitError);
  await reader.close();
  await reader.close();
  await expect(reader.read(allEvents)).rejects.toThrow(LogClosedError);
  await expect(reader.head()).rejects.toThrow(LogClosedError);
});

test('where there is no log it says so', () => {
  expect(() => openSqliteLogReader(logFile(join(folder, 'nowhere')))).toThrow(LogOpenError);
});
