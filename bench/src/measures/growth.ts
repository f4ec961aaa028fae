import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteLog } from 'carillon/log';
import { start } from 'carillon/runtime';
import bank, { Deposit, Deposited, deposit } from '../account.js';
import { type Bench, inFlight, type Measure, median } from '../measure.js';
import { sampleEvent } from '../sample.js';
import { caughtUp } from './commands.js';

const module = new URL('../account.js', import.meta.url);
const large = 5_000_000;
const small = 10_000;

/** A folder with a log of so many events, of a thousandth as many entities. Filled once for each size. */
const filled = new Map<number, string>();
async function folderWith(bench: Bench, events: number): Promise<string> {
  const known = filled.get(events);
  if (known !== undefined) return known;
  const folder = bench.folder();
  bench.note(`filling a log with ${events.toLocaleString('en')} events`);
  const log = await openSqliteLog({ folder });
  await inFlight(events / 1_000, 4, (batch) =>
    log.append(Array.from({ length: 1_000 }, (_, index) => sampleEvent(`e${batch}-${index % 100}`, index))),
  );
  await log.close();
  filled.set(events, folder);
  return folder;
}

/**
 * The median cost of a command on an entity of its own, in milliseconds, on each of the folders. They take turns, so that
 * what the machine does besides hits both.
 */
async function commandCosts(...folders: readonly string[]): Promise<number[]> {
  const all = await Promise.all(folders.map((folder) => start(bank, { folder, module })));
  // A command costs what it costs while nothing else is being done: read models are filled for the first time, and the index of what was
  // just ingested is merged.
  for (const running of all) await caughtUp(running);
  await atRest();
  const durations = folders.map((): number[] => []);
  const label = String(performance.now());
  for (let round = 0; round < 300; round++) {
    for (const [which, running] of all.entries()) {
      const begun = performance.now();
      await inFlight(64, 64, (index) => running.execute(Deposit(deposit(`${label}-${round}-${index}`, index))));
      durations[which]!.push((performance.now() - begun) / 64);
    }
  }
  for (const running of all) await running.close();
  return durations.map((some) => median(some.slice(50)));
}

/** Waits until this process has nothing to do for a while. */
async function atRest(): Promise<void> {
  for (let restfulTimes = 0; restfulTimes < 5; ) {
    const before = process.cpuUsage();
    await pause(100);
    const { user, system } = process.cpuUsage(before);
    restfulTimes = user + system < 10_000 ? restfulTimes + 1 : 0;
  }
}

/** What a command costs with 5,000,000 events in the log, against 10,000. */
export const growthLog: Measure = {
  id: 'growth-log',
  title: 'a command with 5,000,000 events in the log, 64 in flight',
  unit: 'ms',
  goals: [{ of: '10,000 events', atMost: 1.2 }],
  async run(bench) {
    const [few, value] = await commandCosts(await folderWith(bench, small), await folderWith(bench, large));
    return { value: value!, ratios: { '10,000 events': value! / few! } };
  },
};

/** How long a log of 5,000,000 events takes until it takes commands. */
export const coldStart: Measure = {
  id: 'cold-start',
  title: 'start on a log of 5,000,000 events',
  unit: 's',
  goals: [{ atMost: 2 }],
  async run(bench) {
    const folder = await folderWith(bench, large);
    const begun = performance.now();
    const log = await openSqliteLog({ folder });
    await log.load([{ query: { items: [{ tags: ['entity:e7-7'] }] }, after: 0 }]);
    const value = (performance.now() - begun) / 1_000;
    await log.close();
    return { value, ratios: {} };
  },
};

/** What a command costs on an entity with 100,000 events, against one with 10, both in memory. */
export const growthEntity: Measure = {
  id: 'growth-entity',
  title: 'a command on an entity with 100,000 events',
  unit: 'ms',
  goals: [{ of: 'entity with 10 events', atMost: 1.2 }],
  async run(bench) {
    const running = await start(bank, { folder: bench.folder(), module });
    const fill = (account: string, count: number) =>
      running.log.append(Array.from({ length: count }, (_, index) => Deposited(deposit(account, index))));
    for (let batch = 0; batch < 100; batch++) await fill('large', 1_000);
    await fill('small', 10);
    const durations = { large: [] as number[], small: [] as number[] };
    for (let round = 0; round < 400; round++) {
      for (const account of ['large', 'small'] as const) {
        const begun = performance.now();
        await running.execute(Deposit(deposit(account, round)));
        durations[account].push(performance.now() - begun);
      }
    }
    await running.close();
    const value = median(durations.large.slice(50));
    return { value, ratios: { 'entity with 10 events': value / median(durations.small.slice(50)) } };
  },
};

/** Bytes on disk of an event, over its data and metadata. */
export const bytesPerEvent: Measure = {
  id: 'bytes-per-event',
  title: 'bytes on disk an event',
  unit: 'bytes',
  runs: 1,
  goals: [{ of: 'data and metadata', atMost: 1.6 }],
  async run(bench) {
    const folder = await folderWith(bench, large);
    const value = statSync(join(folder, 'log.db')).size / large;
    const { data, tags, type } = sampleEvent('e2500-50', 500);
    return {
      value,
      ratios: {
        'data and metadata': value / (JSON.stringify(data).length + JSON.stringify(tags).length + type.length),
      },
    };
  },
};
