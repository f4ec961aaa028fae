import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedEvent } from '../../definitions/event.js';
import type { Log } from '../log.js';
import { allEvents, type LogQuery, matches } from '../log-query.js';
import { readAll } from '../read-all.js';
import { logFile, openSqliteLog } from './sqlite-log.js';
import { openSqliteLogReader } from './sqlite-log-reader.js';

const crashes = 20;
const program = fileURLToPath(new URL('../../../test-support/appending-process.ts', import.meta.url));

interface Acknowledged {
  readonly first: number;
  readonly last: number;
  readonly key: string;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-crash-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Lets a process append, and kills it once it has acknowledged so many appends. Gives what it acknowledged. */
function appendUntilKilled(run: number, killAfter: number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, [...process.execArgv, program, folder, String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    lines += text.split('\n').length - 1;
    if (lines > killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL') return reject(new Error(`The process ended by itself, with ${code}.`));
      // The last line may be cut off: that append was acknowledged to nobody.
      const whole = output.slice(0, output.lastIndexOf('\n')).split('\n').slice(1);
      resolve(
        whole.map((line) => {
          const [first, last, key] = line.split(' ');
          return { first: Number(first), last: Number(last), key: key as string };
        }),
      );
    });
  });
}

async function collect(log: Pick<Log, 'read'>, query: LogQuery): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of readAll(log, query)) events.push(event);
  return events;
}

function checkWhole(events: readonly RecordedEvent[], acknowledged: readonly Acknowledged[]): void {
  expect(events.map((event) => event.position)).toEqual(events.map((_, n) => n + 1));
  const byKey = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const { key } = event.data as { key: string };
    byKey.set(key, [...(byKey.get(key) ?? []), event]);
  }
  for (const { first, last, key } of acknowledged) {
    expect(byKey.get(key)?.map((event) => event.position)).toEqual(
      Array.from({ length: last - first + 1 }, (_, n) => first + n),
    );
  }
  // Whole appends only, whether they were acknowledged or not.
  for (const own of byKey.values()) {
    const data = own.map((event) => event.data as { key: string; part: number; count: number });
    expect(data).toEqual(data.map(({ key }, part) => ({ key, part, count: own.length })));
  }
}

test(`whatever is killed whenever: after ${crashes} times SIGKILL every acknowledged event is there once`, async () => {
  const acknowledged: Acknowledged[] = [];
  for (let run = 0; run < crashes; run++) {
    // From the very first moments to the middle of merges of several levels.
    acknowledged.push(...(await appendUntilKilled(run, (run * 37) % 400)));

    const reader = openSqliteLogReader(logFile(folder));
    const before = await collect(reader, allEvents);
    await reader.close();
    checkWhole(before, acknowledged);

    const log = await openSqliteLog({ folder, segmentEvents: 50 });
    expect(await collect(log, allEvents)).toEqual(before);
    expect(await log.head()).toBe(before.length);
    const sampled = acknowledged
      .filter((_, n) => n % 97 === run % 97)
      .map(({ key }) => ({ items: [{ tags: [`key:${key}`] }] }));
    const queries: LogQuery[] = [
      ...sampled,
      { items: [{ types: ['Type1'] }] },
      { items: [{ tags: ['client:3'], types: ['Type0', 'Type2'] }] },
      { items: [{ tags: ['client:5'] }, { tags: ['client:7'], types: ['Type3'] }] },
      { items: [{ tags: ['client:99'] }] },
    ];
    for (const query of queries) {
      expect(await collect(log, query)).toEqual(before.filter((event) => matches(query, event)));
    }
    await log.close();
  }
  expect(acknowledged.length).toBeGreaterThan(1_000);
}, 300_000);
