import { describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../definitions/clock.js';
import type { NewEvent, RecordedEvent } from '../definitions/event.js';
import { type EncodedEvent, EventCodec } from '../log/event-codec.js';
import { newLogSeeds } from '../log/event-id.js';
import type { AppendCondition, Loaded, Log } from '../log/log.js';
import { AppendConditionError, LogClosedError, LogWriteError } from '../log/log-errors.js';
import type { LogQuery } from '../log/log-query.js';
import { RecentEvents } from '../log/recent-events.js';
import { Sequencer } from '../log/sequencer.js';
import type { LogHarness } from './log-case.js';
import { logConformance } from './log-conformance.js';

/** What a log leaves behind when it is closed, and what can go wrong with it. */
interface Disk {
  events: EncodedEvent[];
  broken: boolean;
}

const codec = new EventCodec(newLogSeeds());

/** A log on such a disk: slow enough that there is something to see between an append and its end. */
function openOn(disk: Disk, clock: Clock): Log {
  const recent = new RecentEvents(1, codec, 64);
  for (const event of disk.events) recent.add(event);
  return new Sequencer({
    storage: {
      async write(events) {
        const { broken } = disk;
        await new Promise((resolve) => setTimeout(resolve, broken ? 20 : 0));
        if (broken) throw new LogWriteError('The disk of this test is broken.');
        disk.events.push(...events);
      },
      find: () => [],
      archivedThrough: 0,
      close: async () => undefined,
    },
    recent,
    clock,
    codec,
  });
}

type Breaking = (log: Log, disk: Disk) => Partial<Log>;

function harness(breaking: Breaking, onReopen: (disk: Disk) => void, clock: Clock): LogHarness {
  const disk: Disk = { events: [], broken: false };
  const open = () => {
    const sound = openOn(disk, clock);
    return breakLog(sound, breaking(sound, disk));
  };
  let log = open();
  return {
    log,
    async reopen() {
      await log.close();
      onReopen(disk);
      log = open();
      return log;
    },
    async breakStorage() {
      disk.broken = true;
    },
    async repairStorage() {
      disk.broken = false;
    },
    dispose: () => log.close(),
  };
}

function breakLog(log: Log, overrides: Partial<Log>): Log {
  return {
    append: (...args) => log.append(...args),
    read: (...args) => log.read(...args),
    load: (...args) => log.load(...args),
    head: () => log.head(),
    onAppend: (listener) => log.onAppend(listener),
    close: () => log.close(),
    ...overrides,
  };
}

/** Changes every query and condition on its way to the log. */
function translating(
  query: (query: LogQuery) => LogQuery,
  condition: (c: AppendCondition) => AppendCondition = (c) => c,
): Breaking {
  return (log) => ({
    append: (events, c) => log.append(events, c && condition({ ...c, failIfEventsMatch: query(c.failIfEventsMatch) })),
    read: (q, options) => log.read(query(q), options),
    load: (reads) => log.load(reads.map((read) => ({ ...read, query: query(read.query) }))),
  });
}

const changeItems = (change: (item: LogQuery['items'][number]) => LogQuery['items']) => (query: LogQuery) =>
  Array.isArray(query?.items)
    ? { items: query.items.flatMap((item) => (item.tags?.length ? change(item) : [item])) }
    : query;

interface BrokenLog {
  readonly breaking?: Breaking;
  readonly onReopen?: (disk: Disk) => void;
  readonly caughtBy: readonly string[];
}

const shifted = (event: RecordedEvent): RecordedEvent => ({
  ...event,
  position: event.position > 3 ? event.position + 1 : event.position,
});

const brokenLogs: Record<string, BrokenLog> = {
  'takes tags as alternatives': {
    breaking: translating(changeItems(({ tags = [], ...rest }) => tags.map((tag) => ({ ...rest, tags: [tag] })))),
    caughtBy: [
      'conditions: tags add up: only an event with all of them conflicts',
      'reading: each kind of query finds exactly what it means',
    ],
  },
  'ignores types where there are tags': {
    breaking: translating(changeItems(({ tags = [] }) => [{ tags }])),
    caughtBy: ['conditions: types and tags of one item must both fit'],
  },
  'looks at the first item only': {
    breaking: translating((query) => (query?.items?.length > 1 ? { items: query.items.slice(0, 1) } : query)),
    caughtBy: [
      'conditions: items are alternatives: any of them conflicts, and the first conflicting position of all is named',
    ],
  },
  'counts the event at `after` as a conflict': {
    breaking: translating(
      (query) => query,
      ({ after = 0, ...rest }) => ({ ...rest, after: Math.max(0, after - 1) }),
    ),
    caughtBy: ['conditions: events up to and at `after` do not count, the next one does'],
  },
  'reads the event at `after` again': {
    breaking: (log) => ({
      read: (query, options = {}) =>
        log.read(query, options.after && !options.backwards ? { ...options, after: options.after - 1 } : options),
    }),
    caughtBy: ['reading: `after` leaves out the position it names; `limit` takes the next ones only'],
  },
  'names the last conflicting position': {
    breaking: (log) => ({
      append: (events, condition) =>
        log.append(events, condition).catch(async (error: unknown) => {
          if (!(error instanceof AppendConditionError) || condition === undefined) throw error;
          const [last] = await log.read(condition.failIfEventsMatch, { backwards: true, limit: 1 });
          throw new AppendConditionError(last?.position ?? 0);
        }),
    }),
    caughtBy: ['conditions: events up to and at `after` do not count, the next one does'],
  },
  'leaves a gap in the positions': {
    breaking: (log) => ({ read: async (query, options) => (await log.read(query, options)).map(shifted) }),
    caughtBy: [
      'appending: positions are 1, 2, 3, … and the append says which ones its events got',
      'concurrency: concurrent appends of several events each get consecutive positions, without gaps and without mixing',
    ],
  },
  'appends the events of a batch one by one': {
    breaking: (log) => ({
      async append(events, condition) {
        if (events.length < 2) return log.append(events, condition);
        const { first } = await log.append(events.slice(0, 1), condition);
        const { last } = await log.append(events.slice(1));
        return { first, last };
      },
    }),
    caughtBy: [
      'concurrency: concurrent appends of several events each get consecutive positions, without gaps and without mixing',
      'data: what is no event, or has no JSON form, is refused, and takes its whole append along',
    ],
  },
  'checks conditions against what is durable, not against what comes before': {
    breaking: (log) => ({
      async append(events, condition) {
        if (condition === undefined) return log.append(events);
        const { failIfEventsMatch, after = 0 } = condition;
        const [conflict] = await log.read(failIfEventsMatch, { after, limit: 1 });
        if (conflict !== undefined) throw new AppendConditionError(conflict.position);
        return log.append(events);
      },
    }),
    caughtBy: [
      'concurrency: of many who race with one condition exactly one wins, and the others are told who did',
      'random operations: many at once, and opened again now and then, the outcomes fit one order',
    ],
  },
  'lets readers see what is not durable': {
    breaking: (log) => ({
      async read(query, options = {}) {
        if (options.backwards || options.limit !== undefined) return log.read(query, options);
        return ((await log.load([{ query, after: options.after ?? 0 }])).events[0] ?? []).slice(0, 10_000);
      },
    }),
    caughtBy: ['failing storage: what cannot be written is refused, is never seen by readers, and leaves no gap'],
  },
  'says that what it loaded is durable when it is not': {
    breaking: (log) => ({
      load: async (reads): Promise<Loaded> => ({ ...(await log.load(reads)), durable: undefined }),
    }),
    caughtBy: [
      'loading: it may see what is not durable yet, and then says when it is; `read` and `head` do not',
      'failing storage: who loaded what was lost is told so',
    ],
  },
  'acknowledges what it could not write': {
    breaking: (log) => ({
      append: (events, condition) =>
        log.append(events, condition).catch((error: unknown) => {
          if (error instanceof LogWriteError) return { first: 1, last: events.length };
          throw error;
        }),
    }),
    caughtBy: ['failing storage: what cannot be written is refused, is never seen by readers, and leaves no gap'],
  },
  'lets a failing append take its neighbours down': {
    breaking: (log) => {
      let inFlight: Promise<unknown>[] = [];
      return {
        async append(events, condition) {
          const own = log.append(events, condition);
          own.catch(() => undefined);
          inFlight.push(own);
          const together = inFlight;
          await new Promise((resolve) => setTimeout(resolve, 0));
          inFlight = [];
          await Promise.all(together);
          return own;
        },
      };
    },
    caughtBy: ['concurrency: appends that fail take none of those beside them down'],
  },
  'forgets when it is opened again': {
    onReopen: (disk) => {
      disk.events = [];
    },
    caughtBy: ['closing: everything is there again after the log was closed and opened'],
  },
  'forgets the last event when it is opened again': {
    onReopen: (disk) => {
      disk.events.pop();
    },
    caughtBy: ['closing: what was accepted before close is there after it was opened again'],
  },
  'drops what waits when it is closed': {
    breaking: (log) => {
      let closed = false;
      return {
        append: (events, condition) =>
          log.append(events, condition).then((appended) => {
            if (closed) throw new LogClosedError();
            return appended;
          }),
        close() {
          closed = true;
          return log.close();
        },
      };
    },
    caughtBy: ['closing: close writes what was accepted before it: those appends return'],
  },
  'never wakes its listeners': {
    breaking: () => ({ onAppend: () => () => undefined }),
    caughtBy: ['appending: listeners hear of new events, at least of the last, and not after they left'],
  },
  'keeps the objects it was given': {
    breaking: (log) => {
      const given = new Map<number, NewEvent>();
      return {
        async append(events, condition) {
          const appended = await log.append(events, condition);
          for (const [n, event] of events.entries()) given.set(appended.first + n, event);
          return appended;
        },
        read: async (query, options) =>
          (await log.read(query, options)).map((event) => ({
            ...event,
            data: given.get(event.position)?.data ?? event.data,
          })),
      };
    },
    caughtBy: [
      'appending: what the caller does to an event after the append changes nothing',
      'appending: what a reader does to an event changes it for nobody else',
    ],
  },
  'goes forwards when it should go backwards': {
    breaking: (log) => ({
      read: async (query, options) => (await log.read(query, options)).toSorted((a, b) => a.position - b.position),
    }),
    caughtBy: [
      'reading: backwards goes from the newest to the oldest; `after` is then the position before which it begins',
    ],
  },
};

const features = { reopen: true, storageFailure: true } as const;
const nothingWrong: Breaking = () => ({});

function casesOf({ breaking = nothingWrong, onReopen = () => undefined }: Partial<BrokenLog>) {
  const open = async ({ clock }: { readonly clock: Clock }) => harness(breaking, onReopen, clock);
  return logConformance({ open, features, seed: 20_260_301, randomSteps: 60 });
}

describe('a sound log passes', () => {
  for (const { name, run } of casesOf({})) test(name, run);
});

describe.each(Object.entries(brokenLogs))('a log that %s', (_, broken) => {
  for (const name of broken.caughtBy) {
    test(`is caught by "${name}"`, async () => {
      const [found] = casesOf(broken).filter((one) => one.name === name);
      expect(found, 'no such case').toBeDefined();
      await expect(found?.run()).rejects.toThrow();
    });
  }
});

test('without a seed each run has another one, and a failure names it', async () => {
  const open = async () =>
    harness(
      () => ({ read: async () => [] }),
      () => undefined,
      systemClock,
    );
  const failures: string[] = [];
  for (const { name, run } of logConformance({ open, features, randomSteps: 50 })) {
    if (!name.startsWith('random')) continue;
    await run().catch((error: Error) => failures.push(error.message));
  }
  expect(failures).toEqual([
    expect.stringMatching(/^seed \d+, step \d+: /),
    expect.stringMatching(/^seed \d+, step \d+: /),
  ]);
});
