import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openPostgresLog, postgresStorage } from '@carillon/postgres';
import type { Log } from 'carillon/log';
import { start } from 'carillon/runtime';
import bank, { Deposit, deposit } from '../account.js';
import { inFlight, type Measure, perSecond } from '../measure.js';
import { emmettAppends } from '../peers/emmett-postgres.js';
import { dropSchema, rawPostgres } from '../raw-postgres.js';
import { sampleEvent } from '../sample.js';
import { caughtUp } from './commands.js';

const appendProcess = fileURLToPath(new URL('../append-process.js', import.meta.url));
const writeProcess = fileURLToPath(new URL('../write-process.js', import.meta.url));

let schemas = 0;
function newSchema(): string {
  return `bench_${Date.now()}_${++schemas}`;
}

/** Appends single events, each on condition that its entity is new since the writer last looked. */
export async function appendEach(log: Log, label: string, count: number, concurrency: number): Promise<void> {
  let known = await log.head();
  await inFlight(count, concurrency, async (index) => {
    const event = sampleEvent(`${label}-${index}`, index);
    const condition = { failIfEventsMatch: { items: [{ tags: [event.tags[0]!] }] }, after: known };
    known = Math.max(known, (await log.append([event], condition)).last);
  });
}

function appends(concurrency: number, count: number): Measure {
  const bulk = `bulk insert of ${concurrency} events and their tags`;
  const bulkOfEvents = `the same without tags, which nobody can find then`;
  return {
    id: `postgres-append-${concurrency}`,
    title: `conditional appends on PostgreSQL, ${concurrency} in flight`,
    unit: 'appends/s',
    goals: [
      { of: 'Emmett on the same server', atLeast: 10 },
      { of: bulk, atLeast: 0.7 },
    ],
    async run(bench) {
      const url = await bench.postgres();
      const log = await openPostgresLog({ url, schema: newSchema() });
      await appendEach(log, 'warm', 5_000, concurrency);
      const value = await perSecond(count, () => appendEach(log, 'e', count, concurrency));
      await log.close();
      const raw = await rawPostgres(url, count, { eventsPerStatement: concurrency, findsTags: true });
      const rawOfEvents = await rawPostgres(url, count, { eventsPerStatement: concurrency, findsTags: false });
      const emmett = await emmettAppends(url, 3_000, concurrency);
      return {
        value,
        ratios: {
          'Emmett on the same server': value / emmett,
          [bulk]: value / raw,
          [bulkOfEvents]: value / rawOfEvents,
        },
      };
    },
  };
}

export const postgresAppend50 = appends(50, 40_000);
export const postgresAppend500 = appends(500, 100_000);

/** Bare appends by two processes, against one. */
export const postgresTwoWriters = byTwo(appendProcess, {
  id: 'postgres-two-writers',
  title: 'conditional appends on PostgreSQL',
  unit: 'appends/s',
  inFlight: 1_000,
  atLeast: 1,
});

/** Commands by two write processes, against one, under a load for which one would want a second. */
export const postgresTwoWriteProcesses = byTwo(writeProcess, {
  id: 'postgres-two-write-processes',
  title: 'commands on PostgreSQL',
  unit: 'commands/s',
  inFlight: 1_000,
  atLeast: 1,
});

/** The same under a load that one process has time for. */
export const postgresTwoWriteProcessesUnhurried = byTwo(writeProcess, {
  id: 'postgres-two-write-processes-128',
  title: 'commands on PostgreSQL',
  unit: 'commands/s',
  inFlight: 128,
});

/** What two processes do together, against what one does alone with as many in flight. */
function byTwo(
  program: string,
  work: {
    readonly id: string;
    readonly title: string;
    readonly unit: string;
    /** In all. */
    readonly inFlight: number;
    /** How often what one does it shall be. */
    readonly atLeast?: number;
  },
): Measure {
  const { id, title, unit, inFlight: concurrency, atLeast } = work;
  const one = `one process, ${concurrency} in flight`;
  return {
    id,
    title: `${title} by two processes, ${concurrency / 2} in flight in each`,
    unit,
    goals: atLeast === undefined ? [] : [{ of: one, atLeast }],
    async run(bench) {
      const url = await bench.postgres();
      const count = 200_000;
      const alone = await byProcesses(program, { url, processes: 1, count, concurrency });
      const together = await byProcesses(program, { url, processes: 2, count, concurrency });
      return { value: together, ratios: { [one]: together / alone } };
    },
  };
}

/**
 * How many a second processes do together, so many of them, and so many in flight, shared out evenly. They have done it for a while then: in
 * the first second a process is busy with compiling itself, and two are twice.
 */
async function byProcesses(
  program: string,
  work: { readonly url: string; readonly processes: number; readonly count: number; readonly concurrency: number },
): Promise<number> {
  const { url, processes, count, concurrency } = work;
  const schema = newSchema();
  const children: ChildProcess[] = [];
  for (let n = 0; n < processes; n++) {
    const child = fork(program, [url, schema, `p${n}`]);
    await once(child, 'message');
    children.push(child);
  }
  const ended = children.map((child) => once(child, 'exit'));
  const result = await perSecond(count, async () => {
    const done = children.map((child) => once(child, 'message'));
    for (const child of children) child.send([count / processes, concurrency / processes]);
    await Promise.all(done);
  });
  await Promise.all(ended);
  await dropSchema(url, schema);
  return result;
}

/** Commands on distinct entities, with everything that a command is. */
export const postgresCommand: Measure = {
  id: 'postgres-command',
  title: 'commands on PostgreSQL, distinct entities, 256 in flight',
  unit: 'commands/s',
  goals: [],
  async run(bench) {
    const url = await bench.postgres();
    const running = await start(bank, { storage: postgresStorage({ url, schema: newSchema() }), roles: ['write'] });
    const execute = (index: number) => running.execute(Deposit(deposit(`a${index}`, index)));
    await inFlight(5_000, 256, (index) => execute(1_000_000 + index));
    const value = await perSecond(40_000, () => inFlight(40_000, 256, execute));
    await running.close();
    const emmett = await emmettAppends(url, 3_000, 256);
    return { value, ratios: { 'Emmett on the same server, appending alone': value / emmett } };
  },
};

/** From an empty read model to the head of the log. */
export const postgresProjection: Measure = {
  id: 'postgres-projection',
  title: 'projection of a read model on PostgreSQL, rows changed by key',
  unit: 'events/s',
  goals: [],
  async run(bench) {
    const url = await bench.postgres();
    const count = 60_000;
    const storage = postgresStorage({ url, schema: newSchema() });
    const writing = await start(bank, { storage, roles: ['write'] });
    await inFlight(count, 500, (index) => writing.execute(Deposit(deposit(`a${index % 20_000}`, index))));
    let running: typeof writing | undefined;
    const value = await perSecond(count, async () => {
      running = await start(bank, { storage, roles: ['read', 'work'] });
      await caughtUp(running);
    });
    await running?.close();
    await writing.close();
    const raw = await rawPostgres(url, count, { eventsPerStatement: 500, findsTags: false });
    return { value, ratios: { 'bulk insert of 500 events': value / raw } };
  },
};
