import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { application } from '../definitions/application.js';
import { command } from '../definitions/command.js';
import { event } from '../definitions/event.js';
import { module } from '../definitions/module.js';
import { type RetryPolicy, reaction } from '../definitions/reaction.js';
import { Greet, Greeted, Placed, shop, work } from './reacting.fixture.js';

const quick = { maxAttempts: 3, baseDelayMs: 1, maxDelayMs: 2 };
const place = (orderId: string, customer = 'ada') => Placed({ orderId, customer });

it('issues commands that nobody outside may issue, once for each event, and says what caused them', async () => {
  const greeter = reaction('greeter', {
    on: Placed,
    startsAt: 'beginning',
    run: (e, { issue }) => issue(Greet({ customer: e.customer, orderId: e.orderId })),
  });
  const { log, idle, happened, stop } = await work(shop(greeter));
  await log.append([place('o1'), place('o2')]);
  await idle();
  const greeted = await happened('Greeted');
  expect(greeted.map(({ data }) => data)).toEqual([
    { customer: 'ada', orderId: 'o1' },
    { customer: 'ada', orderId: 'o2' },
  ]);
  const [first] = await happened('Placed');
  expect(greeted[0]?.metadata).toMatchObject({ reaction: 'greeter', causationId: first?.id, correlationId: first?.id });
  await stop();
});

it('has one effect when it is run again, whatever was done before it failed', async () => {
  let runs = 0;
  const greeter = reaction('greeter', {
    on: Placed,
    startsAt: 'beginning',
    retry: quick,
    run: async (e, { issue, attempt, idempotencyKey }) => {
      expect(attempt).toBe(++runs);
      expect(idempotencyKey).toMatch(/^greeter:[\da-f-]{36}$/);
      await issue(Greet({ customer: e.customer, orderId: 'first' }));
      if (runs < 3) throw new Error('not yet');
      await issue(Greet({ customer: e.customer, orderId: 'second' }));
    },
  });
  const { log, idle, happened, errors, stop } = await work(shop(greeter));
  await log.append([place('o1')]);
  await idle();
  expect((await happened('Greeted')).map(({ data }) => data)).toEqual([
    { customer: 'ada', orderId: 'first' },
    { customer: 'ada', orderId: 'second' },
  ]);
  expect(errors).toEqual(['greeter 2 retried: not yet']);
  await stop();
});

it('does the events of one key in order and those of different keys side by side', async () => {
  const begun: string[] = [];
  const done: string[] = [];
  const gates = new Map<string, () => void>();
  const slow = reaction('slow', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    maxConcurrency: 2,
    run: async (e) => {
      begun.push(e.orderId);
      await new Promise<void>((resolve) => gates.set(e.orderId, resolve));
      done.push(e.orderId);
    },
  });
  const { log, idle, stop } = await work(shop(slow));
  await log.append([place('a1', 'ada'), place('a2', 'ada'), place('b1', 'bob'), place('c1', 'cy')]);
  const until = async (count: number) => {
    while (begun.length < count) await new Promise(setImmediate);
  };
  await until(2);
  expect(begun).toEqual(['a1', 'b1']);
  gates.get('b1')?.();
  await until(3);
  gates.get('a1')?.();
  await until(4);
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2']);
  gates.get('c1')?.();
  gates.get('a2')?.();
  await idle();
  expect(done).toEqual(['b1', 'a1', 'c1', 'a2']);
  await stop();
});

it('parks what cannot be done for its key alone, and goes on with the key in order after a retry', async () => {
  let isBroken = true;
  const done: string[] = [];
  const picky = reaction('picky', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    retry: quick,
    run: (e) => {
      if (isBroken && e.orderId === 'a2') throw new Error('out of paper');
      done.push(e.orderId);
    },
  });
  const place1 = await work(shop(picky));
  const { log, idle, reactions } = place1;
  await log.append([place('a1', 'ada'), place('a2', 'ada'), place('a3', 'ada'), place('b1', 'bob')]);
  await idle();
  await log.append([place('a4', 'ada'), place('b2', 'bob')]);
  await idle();
  expect(done).toEqual(['a1', 'b1', 'b2']);
  const [status] = reactions.ownStates();
  const parked = status!.parked[0]!;
  expect(parked).toMatchObject({ key: 'ada', eventType: 'Placed', message: 'out of paper', attempts: 3 });
  await expect(reactions.retry('picky', 1)).rejects.toThrow('no parked event at position 1');

  // What is parked survives; a retry that fails again parks again.
  await place1.stop();
  const place2 = await work(shop(picky), place1);
  expect(place2.reactions.ownStates()[0]?.parked).toEqual([{ ...parked, parkedAt: expect.any(Date) }]);
  await place2.reactions.retry('picky', parked.position);
  await place2.idle();
  expect(place2.reactions.ownStates()[0]?.parked).toHaveLength(1);
  isBroken = false;
  await place2.reactions.retry('picky', parked.position);
  await log.append([place('a5', 'ada')]);
  await place2.idle();
  expect(done).toEqual(['a1', 'b1', 'b2', 'a2', 'a3', 'a4', 'a5']);
  expect(place2.reactions.ownStates()[0]?.parked).toEqual([]);
  await place2.stop();
});

it('skips a parked event for a reason that is recorded', async () => {
  const done: string[] = [];
  const picky = reaction('picky', {
    on: Placed,
    startsAt: 'beginning',
    retry: { maxAttempts: 1 },
    run: (e) => {
      if (e.orderId === 'bad') throw new Error('never');
      done.push(e.orderId);
    },
  });
  const { log, idle, reactions, happened, stop } = await work(shop(picky));
  await log.append([place('bad'), place('o2'), place('o3')]);
  await idle();
  expect(done).toEqual([]);
  await reactions.skip('picky', reactions.ownStates()[0]!.parked[0]!.position, 'a test order', 'eve');
  await idle();
  expect(done).toEqual(['o2', 'o3']);
  const [skipped] = await happened('carillon:event-skipped');
  expect(skipped?.data).toMatchObject({ reaction: 'picky', reason: 'a test order', by: 'eve' });
  await stop();
});

it('starts at the beginning or now, goes on where it was, and can be added and stopped while others run', async () => {
  const seen: string[] = [];
  const listener = (name: string, startsAt: 'beginning' | 'now') =>
    reaction(name, { on: Placed, startsAt, run: (e) => void seen.push(`${name} ${e.orderId}`) });
  const { log, idle, reactions, stop } = await work(shop());
  await log.append([place('o1')]);
  await reactions.add(listener('old', 'beginning'));
  await reactions.add(listener('new', 'now'));
  await expect(reactions.add(listener('new', 'now'))).rejects.toThrow('A reaction new is at work already');
  await log.append([place('o2')]);
  await idle();
  await reactions.stop('new');
  await log.append([place('o3')]);
  await idle();
  await reactions.add(listener('new', 'now'));
  await idle();
  expect(seen.filter((one) => one.startsWith('old'))).toEqual(['old o1', 'old o2', 'old o3']);
  expect(seen.filter((one) => one.startsWith('new'))).toEqual(['new o2', 'new o3']);
  await expect(reactions.stop('nobody')).rejects.toThrow('There is no reaction nobody at work. There are: old, new.');
  await stop();
});

it('reacts to events of several types and only to those with its tags', async () => {
  const seen: string[] = [];
  const listener = reaction('listener', {
    on: [Placed, Greeted],
    tagged: { customer: 'ada' },
    startsAt: 'beginning',
    run: (_, { event }) => void seen.push(`${event.type} ${event.data.orderId}`),
  });
  const { log, idle, stop } = await work(shop(listener));
  await log.append([place('o1'), place('o2', 'bob'), Greeted({ customer: 'ada', orderId: 'o3' })]);
  await idle();
  expect(seen).toEqual(['Placed o1', 'Greeted o3']);
  await stop();
});

it('gives up an attempt that takes too long, and tells whatever it called', async () => {
  const reasons: string[] = [];
  const stuck = reaction('stuck', {
    on: Placed,
    startsAt: 'beginning',
    timeoutMs: 5,
    retry: { maxAttempts: 2, baseDelayMs: 1 },
    run: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push((signal.reason as Error).message);
          reject(signal.reason as Error);
        });
      }),
  });
  const { log, idle, reactions, stop } = await work(shop(stuck));
  await log.append([place('o1')]);
  await idle();
  expect(reasons).toHaveLength(2);
  expect(reactions.ownStates()[0]?.parked[0]?.message).toContain('It took longer than 5 ms.');
  await stop();
});

it('does again after a stop what it had not done, and nothing that it had', async () => {
  const done: string[] = [];
  let hold: (() => void) | undefined;
  const listener = reaction('listener', {
    on: Placed,
    startsAt: 'beginning',
    run: async (e, { signal }) => {
      if (e.orderId === 'o3' && hold === undefined) {
        await new Promise<void>((resolve) => {
          hold = resolve;
          signal.addEventListener('abort', () => resolve());
        });
        signal.throwIfAborted();
      }
      done.push(e.orderId);
    },
  });
  const first = await work(shop(listener));
  await first.log.append([place('o1'), place('o2'), place('o3'), place('o4')]);
  while (hold === undefined) await new Promise(setImmediate);
  await first.stop();
  expect(done).toEqual(['o1', 'o2']);
  const second = await work(shop(listener), first);
  await second.idle();
  expect(done).toEqual(['o1', 'o2', 'o3', 'o4']);
  await second.stop();
});

it('is stopped at once while what was retried waits for its next attempt, and while the log takes nothing', async () => {
  const failing = (retry: RetryPolicy) =>
    reaction('failing', {
      on: Placed,
      startsAt: 'beginning',
      retry,
      run: () => Promise.reject(new Error('not today')),
    });
  const first = await work(shop(failing({ maxAttempts: 1 })));
  await first.log.append([place('o1')]);
  await first.idle();
  const [parked] = first.reactions.ownStates()[0]!.parked;
  await first.stop();

  const hour = 3_600_000;
  const second = await work(shop(failing({ maxAttempts: 2, baseDelayMs: hour, maxDelayMs: hour })), first);
  await second.reactions.retry('failing', parked!.position);
  await expect.poll(() => second.errors).toEqual([`failing ${parked!.position} retried: not today`]);
  await second.stop();

  const third = await work(shop(failing({ maxAttempts: 1 })), first);
  vi.spyOn(third.log, 'append').mockRejectedValue(new Error('cut off'));
  await expect.poll(() => third.errors).toContain('failing undefined retried: cut off');
  await third.stop();
});

it('parks an event whose key cannot be told, and goes on with all others', async () => {
  const done: string[] = [];
  const strict = reaction('strict', {
    on: Placed,
    startsAt: 'beginning',
    retry: { maxAttempts: 1 },
    inOrderBy: (e) => {
      if (e.customer === 'nobody') throw new Error('whose order is this?');
      return e.customer;
    },
    run: (e) => void done.push(e.orderId),
  });
  const { log, idle, reactions, stop } = await work(shop(strict));
  await log.append([place('o1', 'nobody'), place('o2'), place('o3', 'bob')]);
  await idle();
  expect(done.sort()).toEqual(['o2', 'o3']);
  expect(reactions.ownStates()[0]?.parked.map(({ message }) => message)).toEqual(['whose order is this?']);
  await stop();
});

it('issues no commands of other modules, unless it belongs to none', async () => {
  const Seen = event('Seen', { data: z.object({ orderId: z.string() }) });
  const See = command('See', { data: z.object({ orderId: z.string() }), decide: ({ data }) => Seen(data) });
  const meddler = (name: string) =>
    reaction(name, {
      on: Placed,
      startsAt: 'beginning',
      retry: { maxAttempts: 1 },
      run: (e, { issue }) => issue(See({ orderId: e.orderId })),
    });
  const app = application('meddling', {
    modules: [
      module('orders', { publishes: [Placed], reactions: [meddler('from-orders')] }),
      module('eyes', { publishes: [Seen], commands: [See] }),
    ],
  });
  const { log, idle, reactions, happened, stop } = await work(app);
  await reactions.add(meddler('from-nowhere'));
  await log.append([place('o1')]);
  await idle();
  expect((await happened('Seen')).map(({ data }) => data)).toEqual([{ orderId: 'o1' }]);
  expect(reactions.ownStates().map(({ parked }) => parked.map(({ message }) => message))).toEqual([
    [expect.stringContaining('belongs to module orders and issued See, which belongs to module eyes')],
    [],
  ]);
  await stop();
});
