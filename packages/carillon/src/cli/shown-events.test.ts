import { beforeEach, expect, it } from 'vitest';
import type { NewEvent } from '../definitions/event.js';
import { memoryLog } from '../log/memory-log.js';
import { type Showing, shownEvents } from './shown-events.js';

const event = (type: string): NewEvent => ({ type, version: 1, data: {}, tags: [] });
const own = (count: number) => Array.from({ length: count }, () => event('carillon:reaction-advanced'));

/** Twelve events of an application, with more of Carillon's own between and after them than are read at a time. */
let log: ReturnType<typeof memoryLog>;
/** Where those of the application are. */
let positions: number[];
beforeEach(async () => {
  log = memoryLog();
  positions = [];
  for (let n = 0; n < 12; n++) {
    await log.append(n % 6 === 0 ? own(600) : own(2));
    positions.push(await append(n % 2 === 0 ? 'Even' : 'Odd'));
  }
  await log.append(own(1_200));
});

/** Appends one event. Resolves with its position. */
async function append(type: string): Promise<number> {
  await log.append([event(type)]);
  return log.head();
}

const defaults: Showing = {
  ...{ query: { items: [] }, limit: Number.POSITIVE_INFINITY },
  ...{ backwards: false, tail: false, internal: false },
};

/** Where the events are that are shown: of a tail as many as its limit says. */
async function shown(showing: Partial<Showing>): Promise<number[]> {
  const found: number[] = [];
  for await (const events of shownEvents(log, { ...defaults, ...showing })) {
    expect(events).not.toEqual([]);
    found.push(...events.map(({ position }) => position));
  }
  return found;
}

it("leaves out Carillon's own events, and counts what is shown", async () => {
  expect(await shown({})).toEqual(positions);
  expect(await shown({ limit: 7 })).toEqual(positions.slice(0, 7));
  expect(await shown({ after: positions[2]! })).toEqual(positions.slice(3));
  expect(await shown({ query: { items: [{ types: ['Odd'] }] }, limit: 2 })).toEqual([positions[1], positions[3]]);
  expect(await shown({ query: { items: [{ types: ['carillon:reaction-advanced'] }] } })).toEqual([]);
});

it('does so backwards', async () => {
  expect(await shown({ backwards: true })).toEqual(positions.toReversed());
  expect(await shown({ backwards: true, limit: 2 })).toEqual([positions[11], positions[10]]);
  expect(await shown({ backwards: true, limit: 2, after: positions[7]! })).toEqual([positions[6], positions[5]]);
});

it('has a tail that begins with the last 10 that are shown, and goes on with new ones', async () => {
  const tail = shownEvents(log, { ...defaults, tail: true });
  const next = async () => ((await tail.next()).value ?? []).map(({ position }) => position);
  const last = [...(await next())];
  while (last.length < 10) last.push(...(await next()));
  expect(last).toEqual(positions.slice(2));
  await log.append(own(3));
  const position = await append('Even');
  expect(await next()).toEqual([position]);
  await tail.return();
  expect(await shown({ tail: true, limit: 3 })).toEqual([positions[10], positions[11], position]);
});

it('has a tail after a position, and one of a log in which there is nothing to show yet', async () => {
  expect(await shown({ tail: true, limit: 3, after: positions[4]! })).toEqual(positions.slice(5, 8));
  log = memoryLog();
  await log.append(own(3));
  const tail = shown({ tail: true, limit: 1 });
  const position = await append('Even');
  expect(await tail).toEqual([position]);
});

it("shows Carillon's own, unless they are left out", async () => {
  expect(await shown({ internal: true })).toHaveLength(await log.head());
  expect(await shown({ internal: true, after: positions[11]!, limit: 2 })).toEqual([
    positions[11]! + 1,
    positions[11]! + 2,
  ]);
});
