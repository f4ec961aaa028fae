import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { application } from '../definitions/application.js';
import { command } from '../definitions/command.js';
import { ValidationError } from '../definitions/errors.js';
import { event } from '../definitions/event.js';
import { ForbiddenError } from '../definitions/forbidden-error.js';
import { module } from '../definitions/module.js';
import { state } from '../definitions/state.js';
import { maxTagsPerEvent } from '../definitions/tag.js';
import type { Loaded, Log } from '../log/log.js';
import { allEvents } from '../log/log-query.js';
import { memoryLog } from '../log/memory-log.js';
import { CommandExecutor, type CommandExecutorOptions } from './command-executor.js';
import { CommandConflictError, CommandIdReusedError, InvalidDecisionError } from './deciding-errors.js';

const Seated = event('Seated', {
  data: z.object({ table: z.string(), guest: z.string() }),
  tags: (e) => ({ table: e.table }),
});
const Left = event('Left', { data: z.object({ table: z.string() }), tags: (e) => ({ table: e.table }) });
const Cooked = event('Cooked', { data: z.object({}) });
const Toasted = event('Toasted', {
  data: z.object({}),
  tags: () => ({ guest: Array.from({ length: maxTagsPerEvent }, (_, n) => n) }),
});
const Toast = command('Toast', { data: z.object({}), decide: () => Toasted({}) });
const Undeclared = event('Undeclared', { data: z.object({}) });

let folded = 0;
const table = state('table', { initial: { guest: undefined as string | undefined, visits: 0 } })
  .on(Seated, (table, e) => {
    folded++;
    return { guest: e.guest, visits: table.visits + 1 };
  })
  .on(Left, (table) => {
    folded++;
    return { ...table, guest: undefined };
  });

const Seat = command('Seat', {
  data: z.object({ table: z.string(), guest: z.string().min(1) }),
  reads: (c) => ({ table: table(c.table) }),
  rejections: { Taken: 'The table is taken' },
  decide: ({ data, table, reject }) =>
    table.guest === undefined ? Seated(data) : reject('Taken', { guest: table.guest }),
});
const Leave = command('Leave', {
  data: z.object({ table: z.string() }),
  reads: (c) => ({ table: table(c.table) }),
  decide: ({ data, table }) => (table.guest === undefined ? undefined : Left(data)),
});
const Swap = command('Swap', {
  data: z.object({ table: z.string(), with: z.string() }),
  reads: (c) => ({ first: table(c.table) }),
  thenReads: ({ data, first }) => (first.guest === undefined ? {} : { second: table(data.with) }),
  rejections: { Empty: 'Nobody sits there' },
  decide: ({ data, first, second, reject }) => {
    if (first.guest === undefined || second?.guest === undefined) return reject('Empty');
    return [
      Left({ table: data.table }),
      Left({ table: data.with }),
      Seated({ table: data.table, guest: second.guest }),
      Seated({ table: data.with, guest: first.guest }),
    ];
  },
});
const Close = command('Close', {
  data: z.object({}),
  authorize: (actor) => actor?.roles?.includes('manager') === true,
  decide: () => undefined,
});
const Break = command('Break', {
  data: z.object({
    how: z.enum([
      'throw',
      'undeclared-event',
      'foreign-event',
      'undeclared-code',
      'wrong-event-data',
      'long-tag',
      'no-event',
    ]),
  }),
  decide: ({ data, reject }) => {
    if (data.how === 'undeclared-event') return Undeclared({});
    if (data.how === 'foreign-event') return Cooked({});
    if (data.how === 'undeclared-code') return reject('Nonsense' as never);
    if (data.how === 'wrong-event-data') return Left({ table: 7 as unknown as string });
    if (data.how === 'long-tag') return Left({ table: 'x'.repeat(600) });
    if (data.how === 'no-event') return 'Left' as unknown as undefined;
    throw new Error('the kitchen is on fire');
  },
});
const restaurant = application('restaurant', {
  modules: [
    module('floor', { publishes: [Seated, Left, Toasted], commands: [Seat, Leave, Swap, Close, Break, Toast] }),
    module('kitchen', { publishes: [Cooked] }),
  ],
});

function executor(options: Partial<CommandExecutorOptions> = {}) {
  const log = options.log ?? memoryLog();
  return { log, executor: new CommandExecutor({ application: restaurant, freezeStates: true, ...options, log }) };
}

/** A log on which somebody else is always quicker: `interfere` appends between each load and the decision. */
function contested(log: Log, interfere: () => Promise<unknown>): Log {
  return {
    ...bound(log),
    load: async (reads): Promise<Loaded> => {
      const loaded = await log.load(reads);
      await loaded.durable;
      await interfere();
      return { ...loaded, durable: undefined };
    },
  };
}

function bound(log: Log): Log {
  return {
    append: log.append.bind(log),
    read: log.read.bind(log),
    load: log.load.bind(log),
    head: log.head.bind(log),
    onAppend: log.onAppend.bind(log),
    close: log.close.bind(log),
  };
}

describe('executing a command', () => {
  it('returns a receipt with the command id and the position, and nothing else', async () => {
    const { executor: one, log } = executor();
    const receipt = await one.execute(Seat({ table: 't1', guest: 'ada' }), { commandId: 'c1' });
    expect(receipt).toEqual({ commandId: 'c1', position: 1 });
    const [recorded] = await log.read(allEvents);
    expect(recorded).toMatchObject({ type: 'Seated', data: { table: 't1', guest: 'ada' }, position: 1 });
    expect(recorded!.metadata).toMatchObject({ commandId: 'c1', command: 'Seat' });
  });

  it('leaves an event as many tags as it may have, whether the command has an id or not', async () => {
    const { executor: one } = executor();
    expect(await one.execute(Toast({}))).toMatchObject({ position: 1 });
    expect(await one.execute(Toast({}), { commandId: 'c1' })).toEqual({ commandId: 'c1', position: 2 });
    expect(await one.execute(Toast({}), { commandId: 'c1' })).toEqual({ commandId: 'c1', position: 2 });
  });

  it('returns a rejection as a value, with its message and details', async () => {
    const { executor: one } = executor();
    await one.execute(Seat({ table: 't1', guest: 'ada' }));
    expect(await one.execute(Seat({ table: 't1', guest: 'bob' }))).toEqual({
      rejected: true,
      code: 'Taken',
      message: 'The table is taken',
      details: { guest: 'ada' },
    });
  });

  it('gives a command that changes nothing the position that it was decided on', async () => {
    const { executor: one, log } = executor();
    await one.execute(Seat({ table: 't1', guest: 'ada' }));
    expect(await one.execute(Leave({ table: 't2' }), { commandId: 'c2' })).toEqual({ commandId: 'c2', position: 1 });
    expect(await log.head()).toBe(1);
  });

  it('appends several events together and reads further states when the first are known', async () => {
    const { executor: one, log } = executor();
    await one.execute(Seat({ table: 't1', guest: 'ada' }));
    await one.execute(Seat({ table: 't2', guest: 'bob' }));
    expect(await one.execute(Swap({ table: 't1', with: 't2' }))).toMatchObject({ position: 6 });
    const seated = await log.read({ items: [{ types: ['Seated'] }] }, { after: 2 });
    expect(seated.map((one) => one.data)).toEqual([
      { table: 't1', guest: 'bob' },
      { table: 't2', guest: 'ada' },
    ]);
    expect(await one.execute(Swap({ table: 't9', with: 't2' }))).toMatchObject({ code: 'Empty' });
  });

  it('names every wrong field', async () => {
    const { executor: one, log } = executor();
    const wrong = one.execute(Seat({ table: 1, guest: '' } as never));
    await expect(wrong).rejects.toBeInstanceOf(ValidationError);
    await expect(wrong).rejects.toMatchObject({ issues: [{ path: '/table' }, { path: '/guest' }] });
    expect(await log.head()).toBe(0);
  });

  it('asks who is asking', async () => {
    const { executor: one } = executor();
    await expect(one.execute(Close({}))).rejects.toBeInstanceOf(ForbiddenError);
    await expect(one.execute(Close({}), { actor: { id: 'm', roles: ['manager'] } })).resolves.toMatchObject({
      position: 0,
    });
  });

  it.each([
    ['throw', InvalidDecisionError, /it threw: the kitchen is on fire/],
    ['undeclared-event', Error, /type Undeclared, which no module declares/],
    ['foreign-event', InvalidDecisionError, /belongs to module floor.* type Cooked, which belongs to module kitchen/],
    ['undeclared-code', InvalidDecisionError, /rejected with the code Nonsense, which it does not declare/],
    ['wrong-event-data', InvalidDecisionError, /\/table/],
    ['no-event', InvalidDecisionError, /neither an event nor a rejection/],
    ['long-tag', ValidationError, /the value of tag "table" has 600 characters/],
  ] as const)('refuses a decision that is none: %s', async (how, type, message) => {
    const { executor: one, log } = executor();
    const broken = one.execute(Break({ how }));
    await expect(broken).rejects.toBeInstanceOf(type);
    await expect(broken).rejects.toThrow(message);
    expect(await log.head()).toBe(0);
  });
});

describe('a conflict', () => {
  it('is decided again on fresh state', async () => {
    const log = memoryLog();
    let interferences = 0;
    const other = new CommandExecutor({ application: restaurant, log });
    const { executor: one } = executor({
      log: contested(log, async () => {
        if (++interferences === 1) await other.execute(Seat({ table: 't1', guest: 'bob' }));
      }),
    });
    expect(await one.execute(Seat({ table: 't1', guest: 'ada' }))).toMatchObject({
      code: 'Taken',
      details: { guest: 'bob' },
    });
    expect(await log.head()).toBe(1);
  });

  it('is reported after a bounded number of attempts, and nothing has changed', async () => {
    const log = memoryLog();
    const other = new CommandExecutor({ application: restaurant, log });
    let attempts = 0;
    const { executor: one } = executor({
      maxAttempts: 3,
      log: contested(log, async () => {
        attempts++;
        await other.execute(Seat({ table: 't1', guest: 'bob' }));
        await other.execute(Leave({ table: 't1' }));
      }),
    });
    const lost = one.execute(Seat({ table: 't1', guest: 'ada' }));
    await expect(lost).rejects.toBeInstanceOf(CommandConflictError);
    await expect(lost).rejects.toMatchObject({ attempts: 3 });
    expect(attempts).toBe(3);
    const guests = (await log.read({ items: [{ types: ['Seated'] }] })).map(
      (one) => (one.data as { guest: string }).guest,
    );
    expect(guests).toEqual(['bob', 'bob', 'bob']);
  });

  it('lets exactly one of 200 racing commands win', async () => {
    const { executor: one } = executor();
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) => one.execute(Seat({ table: 't1', guest: `g${i}` }))),
    );
    expect(results.filter((result) => !result.rejected)).toHaveLength(1);
    expect(results.filter((result) => result.rejected && result.code === 'Taken')).toHaveLength(199);
  });
});

describe('a command id', () => {
  it('makes a second sending harmless, at the same time and later, in a new executor as well', async () => {
    const { executor: one, log } = executor();
    const send = (by: CommandExecutor) => by.execute(Seat({ table: 't1', guest: 'ada' }), { commandId: 'c1' });
    const receipts = await Promise.all([send(one), send(one), send(one)]);
    await one.execute(Leave({ table: 't1' }));
    receipts.push(await send(one), await send(new CommandExecutor({ application: restaurant, log })));
    expect(new Set(receipts.map((receipt) => JSON.stringify(receipt)))).toEqual(
      new Set(['{"commandId":"c1","position":1}']),
    );
    expect(await log.head()).toBe(2);
  });

  it('cannot be used for another command or other data', async () => {
    const { executor: one } = executor();
    await one.execute(Seat({ table: 't1', guest: 'ada' }), { commandId: 'c1' });
    await expect(one.execute(Seat({ table: 't1', guest: 'bob' }), { commandId: 'c1' })).rejects.toBeInstanceOf(
      CommandIdReusedError,
    );
    await expect(one.execute(Leave({ table: 't1' }), { commandId: 'c1' })).rejects.toBeInstanceOf(CommandIdReusedError);
  });

  it('has 1 to 200 characters', async () => {
    const { executor: one } = executor();
    for (const commandId of ['', 'x'.repeat(201)]) {
      await expect(one.execute(Leave({ table: 't1' }), { commandId })).rejects.toBeInstanceOf(ValidationError);
    }
  });
});

describe('decision states', () => {
  it('are kept, and brought up to date by the events since', async () => {
    const { executor: one } = executor();
    for (let visit = 0; visit < 10; visit++) {
      await one.execute(Seat({ table: 't1', guest: 'ada' }));
      await one.execute(Leave({ table: 't1' }));
    }
    folded = 0;
    await one.execute(Seat({ table: 't1', guest: 'ada' }));
    expect(folded).toBe(1);
  });

  it('are forgotten beyond the bound, and folded again', async () => {
    const { executor: one } = executor({ maxCachedStates: 4 });
    await one.execute(Seat({ table: 't1', guest: 'ada' }));
    for (let other = 0; other < 10; other++) await one.execute(Seat({ table: `other${other}`, guest: 'bob' }));
    folded = 0;
    expect(await one.execute(Seat({ table: 't1', guest: 'ada' }))).toMatchObject({ code: 'Taken' });
    expect(folded).toBe(1);
  });

  it('that rest on events which could not be written are forgotten, and what was concluded from them is not told', async () => {
    const log = memoryLog();
    let failing = true;
    let fail = () => {};
    const failure = new Promise<void>((_, reject) => {
      fail = () => reject(new Error('disk full'));
    });
    failure.catch(() => undefined);
    const pending = {
      type: 'Seated',
      version: 1,
      data: { table: 't1', guest: 'ghost' },
      tags: ['table:t1'],
      id: 'pending',
      metadata: {},
      position: 1,
      recordedAt: new Date(0),
    };
    const { executor: one } = executor({
      log: {
        ...bound(log),
        load: (reads) =>
          failing ? { events: reads.map(() => [pending]), position: 1, durable: failure } : log.load(reads),
      },
    });
    const rejected = one.execute(Seat({ table: 't1', guest: 'ada' }));
    fail();
    await expect(rejected).rejects.toThrow('disk full');
    failing = false;
    expect(await one.execute(Seat({ table: 't1', guest: 'ada' }))).toMatchObject({ position: 1 });
  });
});
