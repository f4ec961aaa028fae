import { memoryLog, openSqliteLog } from 'carillon/log';
import { inFlight, type Measure, perSecond } from '../measure.js';
import { castoreAppends } from '../peers/castore-memory.js';
import { evtstoreAppends } from '../peers/evtstore-postgres.js';
import { canSyncAlways, natsPublishes, natsServer } from '../peers/nats-jetstream.js';
import { sampleEvent } from '../sample.js';

/** What cannot be measured here, and why. */
export function notInstalled(): readonly string[] {
  const missing = [
    'Emmett on SQLite: its releases that npm has, 0.38.5 and 0.42.4, want exactly that version of Emmett; the suite has 0.42.0, the newest that npm has.',
  ];
  const program = natsServer();
  if (program !== undefined && !canSyncAlways(program)) {
    missing.push(
      'JetStream with an fsync before each acknowledgement: nats-server knows `sync_interval` from 2.10 on.',
    );
  }
  return missing;
}

/** Conditional appends of one event, in memory on both sides: neither is durable. */
export const vsCastore: Measure = {
  id: 'vs-castore-append',
  title: 'conditional appends in memory, 50 in flight, against Castore in memory',
  unit: 'appends/s',
  goals: [],
  async run() {
    const log = memoryLog();
    const value = await perSecond(50_000, () => inFlight(50_000, 50, (index) => append(log, index)));
    await log.close();
    return { value, ratios: { 'Castore in memory': value / (await castoreAppends(50_000, 50)) } };
  },
};

/** Conditional appends of one event, 50 in flight, each to an entity of its own; both sides are durable. */
export const vsEvtstore: Measure = {
  id: 'vs-evtstore-append',
  title: 'conditional appends, 50 in flight, against evtstore on PostgreSQL',
  unit: 'appends/s',
  goals: [],
  async run(bench) {
    const log = await openSqliteLog({ folder: bench.folder() });
    const value = await perSecond(30_000, () => inFlight(30_000, 50, (index) => append(log, index)));
    await log.close();
    const { commands, appends } = await evtstoreAppends(await bench.postgres(), 3_000, 50);
    return {
      value,
      ratios: {
        'evtstore on PostgreSQL, by commands': value / commands,
        'evtstore on PostgreSQL, by its provider alone': value / appends,
      },
    };
  },
};

/** Durable appends against raw publishing, which checks no condition and keeps no index of tags. */
export const vsNatsPublish: Measure = {
  id: 'vs-nats-publish',
  title: 'conditional appends, 50 in flight, against raw publishing to NATS JetStream',
  unit: 'appends/s',
  goals: [],
  unavailable: () =>
    natsServer() === undefined ? 'there is no nats-server; on Debian: apt-get install nats-server' : undefined,
  async run(bench) {
    const program = natsServer()!;
    const log = await openSqliteLog({ folder: bench.folder() });
    const value = await perSecond(30_000, () => inFlight(30_000, 50, (index) => append(log, index)));
    await log.close();
    const options = { count: 30_000, concurrency: 50 };
    const loose = await natsPublishes(program, bench.folder(), { ...options, syncsAlways: false });
    const ratios: Record<string, number> = { 'JetStream, which acknowledges before it fsyncs': value / loose };
    if (canSyncAlways(program)) {
      const durable = await natsPublishes(program, bench.folder(), { ...options, count: 3_000, syncsAlways: true });
      ratios['JetStream, with an fsync before each acknowledgement'] = value / durable;
    }
    return { value, ratios };
  },
};

function append(log: Pick<ReturnType<typeof memoryLog>, 'append'>, index: number) {
  const event = sampleEvent(`e${index}`, index);
  return log.append([event], { failIfEventsMatch: { items: [{ tags: [event.tags[0]!] }] } });
}
