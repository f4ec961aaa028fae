// Versions of a reaction side by side: the new one is about a type that the old one passes over.
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { application } from '../definitions/application.js';
import { systemClock } from '../definitions/clock.js';
import { event } from '../definitions/event.js';
import { module } from '../definitions/module.js';
import { processManager } from '../definitions/process-manager.js';
import { reaction } from '../definitions/reaction.js';
import type { Log } from '../log/log.js';
import { memoryLog } from '../log/memory-log.js';
import { ProcessWork } from './process-work.js';
import { readProgress } from './progress.js';
import { announceTypes, doneThrough, reachOf, recordOf } from './reach.js';
import { reactionWork } from './reaction-work.js';
import { Reactor } from './reactor.js';
import { systemScheduler } from './scheduler.js';
import { type Slice, slices } from './slice.js';
import type { Work } from './work.js';
import { eventRetried } from './work-events.js';

const data = z.object({ id: z.string() });
const Placed = event('Placed', { data, tags: (e) => ({ order: e.id[0] ?? '' }) });
const Paid = event('Paid', { data, tags: (e) => ({ order: e.id[0] ?? '' }) });

let log: Log;
let done: string[];
let failing: Set<string>;

beforeEach(() => {
  log = memoryLog();
  done = [];
  failing = new Set();
});

const issueNothing = () => Promise.reject(new Error('nothing is issued'));

/** A version of the reaction `note`: the key of `a1` is `a`. */
function version(...on: readonly (typeof Placed | typeof Paid)[]): Work {
  const note = reaction('note', {
    on,
    startsAt: 'beginning',
    inOrderBy: ({ id }) => id[0] ?? '',
    retry: { maxAttempts: 1 },
    run: ({ id }) => {
      if (failing.has(id)) throw new Error('not today');
      done.push(id);
    },
  });
  return reactionWork(note, issueNothing, systemClock);
}

/** Lets a version do what there is to do, and stop. Returns what it did. */
async function does(work: Work, slice?: Slice): Promise<string[]> {
  const before = done.length;
  const reactor = new Reactor(work, {
    log,
    scheduler: systemScheduler(systemClock),
    onFailure: () => undefined,
    slice,
  });
  await reactor.start();
  await reactor.whenIdle();
  await reactor.close();
  return done.slice(before);
}

async function happens(...all: readonly ReturnType<typeof Placed | typeof Paid>[]): Promise<void> {
  for (const one of all) await log.append([one]);
}

const placed = (id: string) => Placed({ id });
const paid = (id: string) => Paid({ id });
const v1 = () => version(Placed);
const v2 = () => version(Placed, Paid);
const announce = () => announceTypes(log, 'note', ['Placed', 'Paid']);

test('what the old one passes over comes late, also when the new one was there before anybody had started', async () => {
  await announce();
  await happens(placed('a1'), paid('a2'), placed('a3'));
  expect(await does(v1())).toEqual(['a1', 'a3']);
  expect(await does(v2())).toEqual(['a2']);
});

test('what the old one passes over comes late, once, however often they take turns', async () => {
  await happens(placed('a1'));
  expect(await does(v1())).toEqual(['a1']);
  await announce();
  await happens(paid('a2'), placed('a3'));
  expect(await does(v1())).toEqual(['a3']);
  await happens(paid('a4'));
  expect(await does(v2())).toEqual(['a2', 'a4']);
  await happens(paid('a5'), placed('a6'));
  expect(await does(v1())).toEqual(['a6']);
  await happens(paid('a7'), placed('a8'));
  expect(await does(v1())).toEqual(['a8']);
  expect(await does(v2())).toEqual(['a5', 'a7']);
  await happens(placed('a9'));
  expect(await does(v2())).toEqual(['a9']);
  await announce();
  const announced = await log.read({ items: [{ types: ['carillon:reaction-extended'] }] });
  expect(announced.map((one) => one.data)).toEqual([{ reaction: 'note', types: ['Paid'] }]);
});

test('each slice makes up for what it missed, and all of them together', async () => {
  await does(v1());
  await announce();
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  await happens(...ids.flatMap((id) => [paid(`${id}1`), placed(`${id}2`)]));
  for (const slice of slices) await does(v1(), slice);
  expect(done.sort()).toEqual(ids.map((id) => `${id}2`));
  const first = await does(v2(), slices[0]);
  const others = await does(v2());
  expect(first.length).toBeGreaterThan(0);
  expect(new Set([...first, ...others])).toEqual(new Set(ids.map((id) => `${id}1`)));
  expect(await does(v2())).toEqual([]);
});

test('a type that is new to it has no history: it goes on where it was', async () => {
  await happens(paid('a1'), placed('a2'));
  expect(await does(v1())).toEqual(['a2']);
  await announce();
  await happens(paid('a3'), placed('a4'));
  expect(await does(v1())).toEqual(['a4']);
  expect(await does(v2())).toEqual(['a3']);
});

test('when one that comes late fails, its key waits behind it, and goes on in order: what was done of it is done again', async () => {
  await does(v1());
  await announce();
  await happens(paid('a1'), placed('a2'), paid('a3'));
  await does(v1());
  failing.add('a1');
  await does(v2());
  const [first] = await log.read({ items: [{ types: ['Paid'] }] });
  const progress = await readProgress(log, 'note');
  expect([...(progress?.parked.values() ?? [])].map(({ position }) => position)).toEqual([first?.position]);
  // All of the key waits behind it, and goes on in order.
  await happens(placed('a4'));
  expect(await does(v2())).toEqual([]);
  failing.clear();
  await log.append([eventRetried({ reaction: 'note', key: 'a', position: first?.position ?? 0 }, 'ann')]);
  expect(await does(v2())).toEqual(['a1', 'a2', 'a3', 'a4']);
  expect((await readProgress(log, 'note'))?.parked.size).toBe(0);
});

test('what was missed before a parked event is done, what was missed behind it waits with it', async () => {
  await does(v1());
  await announce();
  failing.add('a2');
  await happens(paid('a1'), placed('a2'), paid('a3'), placed('a4'), placed('b5'));
  expect(await does(v1())).toEqual(['b5']);
  expect(await does(v2())).toEqual(['a1']);
  failing.clear();
  const [parked] = (await readProgress(log, 'note'))?.parked.values() ?? [];
  await log.append([eventRetried({ reaction: 'note', key: 'a', position: parked?.position ?? 0 }, 'ann')]);
  expect(await does(v2())).toEqual(['a2', 'a3', 'a4']);
});

test('a key that is to go on does so when what was missed is still to be done', async () => {
  await does(v1());
  await announce();
  failing.add('a2');
  await happens(paid('a1'), placed('a2'), paid('a3'), placed('a4'), placed('b5'));
  await does(v1());
  failing.clear();
  const [parked] = (await readProgress(log, 'note'))?.parked.values() ?? [];
  await log.append([eventRetried({ reaction: 'note', key: 'a', position: parked?.position ?? 0 }, 'ann')]);
  expect((await does(v2())).sort()).toEqual(['a1', 'a2', 'a3', 'a4']);
  expect(await does(v2())).toEqual([]);
});

test('what is missed and under way when an operator lets its key go on is done first; if it is parked, nothing else goes on', async () => {
  await does(v1());
  await announce();
  failing.add('a2');
  await happens(paid('a1'), placed('a2'), placed('a3'));
  await does(v1());
  const [parked] = (await readProgress(log, 'note'))?.parked.values() ?? [];
  let fail = () => {};
  const missed: Work = {
    ...v2(),
    perform: async (event, key, attempt) => {
      const { id } = event.data as { readonly id: string };
      if (id !== 'a1') return v2().perform(event, key, attempt);
      await new Promise((_, reject) => {
        fail = () => reject(new Error('not today'));
      });
    },
  };
  const reactor = new Reactor(missed, {
    log,
    scheduler: systemScheduler(systemClock),
    onFailure: () => undefined,
  });
  await reactor.start();
  await expect.poll(() => reactor.status().open).toBe(1);
  failing.clear();
  await log.append([eventRetried({ reaction: 'note', key: 'a', position: parked?.position ?? 0 }, 'ann')]);
  reactor.wake(await log.head());
  await expect.poll(() => reactor.status().parked[0]?.resumeAfter).toBeDefined();
  fail();
  await reactor.whenIdle();
  await happens(placed('a4'));
  reactor.wake(await log.head());
  await reactor.whenIdle();
  expect(done).toEqual([]);
  const recorded = (await readProgress(log, 'note'))?.parked.values() ?? [];
  expect(reactor.status().parked.map(({ position }) => position)).toEqual(
    [...recorded].map(({ position }) => position),
  );
  await reactor.close();
  const [first] = await log.read({ items: [{ types: ['Paid'] }] });
  await log.append([eventRetried({ reaction: 'note', key: 'a', position: first?.position ?? 0 }, 'ann')]);
  expect(await does(v2())).toEqual(['a1', 'a2', 'a3', 'a4']);
});

test('a process that hears of something late knows afterwards what came behind it', async () => {
  const manager = (isNew: boolean) => {
    const first = processManager('note', {
      by: 'order',
      initial: { seen: [] as string[] },
      startsAt: 'beginning',
    }).on(Placed, ({ seen }, { id }) => {
      done.push(`${id} after ${seen.join()}`);
      return { seen: [...seen, id] };
    });
    const definition = isNew ? first.on(Paid, ({ seen }, { id }) => ({ seen: [...seen, id] })) : first;
    const app = application('x', { modules: [module('m', { publishes: [Placed, Paid], reactions: [definition] })] });
    return new ProcessWork(definition, app, log, issueNothing);
  };
  await does(manager(false));
  await announceTypes(
    log,
    'note',
    manager(true).query.items.flatMap(({ types = [] }) => types),
  );
  await happens(placed('a1'), paid('a2'), placed('a3'));
  await does(manager(false));
  const work = manager(true);
  await does(work);
  await happens(placed('a4'));
  await does(work);
  expect(done.at(-1)).toBe('a4 after a1,a2,a3');
});

test('its position is where everything is done, of types that it has to make up for, too', () => {
  const reach = reachOf({ position: 9, types: ['Placed'], behind: { Paid: 4 } }, ['Placed', 'Paid'], new Map());
  expect(doneThrough(reach)).toBe(4);
  expect(recordOf(reach, 6)).toEqual({ position: 9, types: ['Placed', 'Paid'], behind: { Paid: 6 } });
  expect(recordOf(reach, 9)).toEqual({ position: 9, types: ['Placed', 'Paid'] });
  expect(recordOf({ ...reach, types: ['Placed'] }, 12)).toEqual({
    position: 12,
    types: ['Placed'],
    behind: { Paid: 4 },
  });
});

test('a record that names no types was about the same ones', () => {
  const reach = reachOf({ position: 7 }, ['Placed', 'Paid'], new Map([['Paid', 3]]));
  expect(reach).toEqual({ types: ['Placed', 'Paid'], position: 7, behind: new Map() });
  expect(recordOf(reach, 9)).toEqual({ position: 9, types: ['Placed', 'Paid'] });
});
