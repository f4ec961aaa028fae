import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { processManager } from '../definitions/process-manager.js';
import { LeaseKeeper } from '../leasing/lease-keeper.js';
import { MemoryLeaseStore } from '../leasing/memory-lease-store.js';
import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import { memoryLog } from '../log/memory-log.js';
import { testClock } from '../testing/test-clock.js';
import { Cancel, Cancelled, Paid, Pay, Placed, Ship, Shipped, shop, work } from './reacting.fixture.js';
import { Reactions } from './reactions.js';
import { systemScheduler } from './scheduler.js';
import type { Work } from './work.js';

const fulfilment = processManager('fulfilment', {
  by: 'order',
  initial: { stage: 'new', tries: 0 },
  timers: ['payment', 'reminder'],
  startsAt: 'beginning',
  retry: { maxAttempts: 2, baseDelayMs: 1 },
})
  .on(Placed, (order, _e, { setTimer }) => {
    setTimer('payment', { minutes: 30 });
    setTimer('reminder', { minutes: 10 });
    return { ...order, stage: 'placed' };
  })
  .on(Paid, (order, e, { issue, cancelTimer }) => {
    cancelTimer('payment');
    cancelTimer('reminder');
    issue(Ship({ orderId: e.orderId }));
    return { ...order, stage: 'paid' };
  })
  .on(Shipped, (order, _e, { end }) => {
    end();
    return { ...order, stage: 'shipped' };
  })
  .onTimer('reminder', (order, { setTimer }) => {
    setTimer('reminder', { minutes: 5 });
    return { ...order, tries: order.tries + 1 };
  })
  .onTimer('payment', (order, { issue, key, end }) => {
    issue(Cancel({ orderId: key, reason: `not paid, reminded ${order.tries} times` }));
    end();
  });

it('follows each process from event to command, and knows what it did', async () => {
  const { log, executor, reactions, clock, idle, happened, stop } = await work(shop(fulfilment));
  await log.append([Placed({ orderId: 'o1', customer: 'ada' }), Placed({ orderId: 'o2', customer: 'bob' })]);
  await idle();
  expect((await reactions.process('fulfilment', 'o1')).timers).toEqual([
    { timer: 'payment', dueAt: new Date('2026-01-01T12:30:00Z') },
    { timer: 'reminder', dueAt: new Date('2026-01-01T12:10:00Z') },
  ]);
  clock.later({ minutes: 11 });
  await idle();
  await executor.execute(Pay({ orderId: 'o1' }));
  await idle();
  const process = await reactions.process('fulfilment', 'o1');
  expect(process).toMatchObject({ key: 'o1', state: { stage: 'shipped', tries: 1 }, isEnded: true, timers: [] });
  expect(process.history.map(({ eventType }) => eventType)).toEqual([
    'Placed',
    'carillon:timer-fired',
    'Paid',
    'Shipped',
  ]);
  expect(process.history[2]?.decided?.commands).toMatchObject([{ command: 'Ship', data: { orderId: 'o1' } }]);
  expect((await happened('Shipped')).map(({ data }) => data)).toEqual([{ orderId: 'o1' }]);
  expect((await reactions.process('fulfilment', 'o2')).state).toEqual({ stage: 'placed', tries: 1 });
  expect(new Set(await reactions.processKeys('fulfilment'))).toEqual(new Set(['o1', 'o2']));
  expect(reactions.ownStates()[0]?.timers).toBe(2);
  await stop();
});

it('fires timers late rather than never, once, and in the order in which they are due', async () => {
  const first = await work(shop(fulfilment));
  await first.log.append([Placed({ orderId: 'o1', customer: 'ada' })]);
  await first.idle();
  await first.stop();
  first.clock.later({ days: 2 });
  expect(await first.happened('Cancelled')).toEqual([]);

  const second = await work(shop(fulfilment), first);
  await second.idle();
  await second.stop();
  const third = await work(shop(fulfilment), first);
  await third.idle();
  const fired = await third.happened('carillon:timer-fired');
  expect(fired.map(({ data }) => (data as { timer: string }).timer)).toEqual(['reminder', 'payment']);
  expect((await third.happened('Cancelled')).map(({ data }) => data)).toEqual([
    { orderId: 'o1', reason: 'not paid, reminded 1 times' },
  ]);
  expect(third.reactions.ownStates()[0]?.timers).toBe(0);
  await third.stop();
});

it('never lets two fire the same timer, nor one that was taken back', async () => {
  const place = await work(shop(fulfilment));
  await place.log.append([Placed({ orderId: 'o1', customer: 'ada' })]);
  await place.idle();
  const [advanced] = await place.happened('carillon:process-advanced');
  const { timerId } = (advanced!.data as { timersSet: { timerId: string }[] }).timersSet[0]!;
  const tag = `carillon.timer:${timerId}`;
  const fire = () =>
    place.log.append([{ type: 'carillon:timer-fired', version: 1, data: {}, tags: [tag] }], {
      failIfEventsMatch: { items: [{ tags: [tag] }] },
    });
  await place.executor.execute(Pay({ orderId: 'o1' }));
  await place.idle();
  await expect(fire()).rejects.toThrow(AppendConditionError);
  place.clock.later({ days: 1 });
  await place.idle();
  expect(await place.happened('carillon:timer-fired')).toEqual([]);
  await place.stop();
});

it('brings rejections back to the process, and parks those that nobody answers', async () => {
  const eager = processManager('eager', { by: 'order', initial: 0, startsAt: 'beginning' }).on(
    Placed,
    (n, e, { issue }) => {
      issue(Ship({ orderId: e.orderId }));
      return n + 1;
    },
  );
  const answering = eager.onRejected(Ship, (n, rejection, { issue, key }) => {
    issue(Cancel({ orderId: key, reason: rejection.code }));
    return n + 10;
  });
  const good = await work(shop(answering));
  await good.log.append([Placed({ orderId: 'o1', customer: 'ada' })]);
  await good.idle();
  expect((await good.happened('Cancelled')).map(({ data }) => data)).toEqual([{ orderId: 'o1', reason: 'NotPaid' }]);
  expect((await good.reactions.process('eager', 'o1')).state).toBe(11);
  await good.stop();

  const bad = await work(shop(eager));
  await bad.log.append([Placed({ orderId: 'o1', customer: 'ada' })]);
  await bad.idle();
  expect(bad.reactions.ownStates()[0]?.parked).toMatchObject([
    { key: 'o1', attempts: 1, message: expect.stringContaining('Ship was rejected with NotPaid') },
  ]);
  await bad.log.append([Paid({ orderId: 'o1' })]);
  await bad.reactions.retry('eager', bad.reactions.ownStates()[0]!.parked[0]!.position);
  await bad.idle();
  expect((await bad.happened('Shipped')).map(({ data }) => data)).toEqual([{ orderId: 'o1' }]);
  expect((await bad.reactions.process('eager', 'o1')).state).toBe(1);
  await bad.stop();
});

it('does what was recorded, even when the code would decide otherwise by now', async () => {
  const first = await work(shop());
  await first.log.append([Placed({ orderId: 'o1', customer: 'ada' })]);
  const decided = {
    process: 'fulfilment',
    key: 'o1',
    trigger: 1,
    commands: [{ commandId: 'from-before', command: 'Cancel', data: { orderId: 'o1', reason: 'old code' } }],
    timersSet: [],
    timersCancelled: [],
    ended: true,
  };
  const tags = ['carillon.processes:fulfilment', 'carillon.process:fulfilment/o1', 'carillon.step:fulfilment/1/o1'];
  await first.log.append([{ type: 'carillon:process-advanced', version: 1, data: decided, tags }]);
  await first.stop();
  const second = await work(shop(fulfilment), first);
  await second.idle();
  expect((await second.happened('Cancelled')).map(({ data }) => data)).toEqual([{ orderId: 'o1', reason: 'old code' }]);
  expect(await second.reactions.process('fulfilment', 'o1')).toMatchObject({ isEnded: true, timers: [] });
  await second.stop();
});

it('does what is due for ten thousand processes', async () => {
  const { log, clock, idle, happened, stop } = await work(shop(fulfilment));
  const orders = Array.from({ length: 10_000 }, (_, n) => Placed({ orderId: `o${n}`, customer: 'ada' }));
  await log.append(orders);
  await idle();
  clock.later({ minutes: 60 });
  await idle();
  const cancelled = await happened('Cancelled');
  expect(new Set(cancelled.map(({ data }) => (data as { orderId: string }).orderId)).size).toBe(10_000);
  expect(cancelled).toHaveLength(10_000);
  expect(cancelled.every(({ type }) => type === Cancelled.type)).toBe(true);
  await stop();
});

it('goes on with a process whose step failed at an event that was skipped', async () => {
  const fragile = processManager('fragile', {
    by: 'order',
    initial: 0,
    startsAt: 'beginning',
    retry: { maxAttempts: 1 },
  })
    .on(Placed, (n) => n + 1)
    .on(Paid, () => {
      throw new Error('no idea what to do');
    })
    .on(Shipped, (n, e, { issue }) => {
      issue(Cancel({ orderId: e.orderId, reason: `after ${n}` }));
      return n + 10;
    });
  const first = await work(shop(fragile));
  await first.log.append([Placed({ orderId: 'o1', customer: 'ada' }), Paid({ orderId: 'o1' })]);
  await first.idle();
  const [parked] = first.reactions.ownStates()[0]!.parked;
  expect(parked?.message).toBe('no idea what to do');
  await first.reactions.skip('fragile', parked!.position, 'it was a test');
  await first.idle();
  await first.stop();
  const second = await work(shop(fragile), first);
  await second.log.append([Shipped({ orderId: 'o1' })]);
  await second.idle();
  expect(await second.reactions.process('fragile', 'o1')).toMatchObject({ state: 11 });
  expect(second.reactions.ownStates()[0]?.parked).toEqual([]);
  await second.stop();
});

it('folds an event once that is delivered twice', async () => {
  const counting = processManager('counting', { by: 'order', initial: 0, startsAt: 'beginning' })
    .on(Placed, (n) => n + 1)
    .on(Paid, (n, e, { issue }) => {
      issue(Cancel({ orderId: e.orderId, reason: `after ${n}` }));
      return n + 1;
    });
  const twice = (once: Work): Work => ({
    name: once.name,
    query: once.query,
    startsAt: once.startsAt,
    maxConcurrency: once.maxConcurrency,
    timeoutMs: once.timeoutMs,
    retry: once.retry,
    keysOf: (event) => once.keysOf(event),
    perform: async (event, key, attempt) => {
      await once.perform(event, key, attempt);
      await once.perform(event, key, attempt);
    },
  });
  const { log, idle, happened, stop } = await work(shop(counting), undefined, twice);
  await log.append([Placed({ orderId: 'o1', customer: 'ada' }), Paid({ orderId: 'o1' })]);
  await idle();
  const decided = await happened('carillon:process-advanced');
  expect(decided.map(({ data }) => (data as { commands: { data: unknown }[] }).commands[0]?.data)).toEqual([
    { orderId: 'o1', reason: 'after 1' },
  ]);
  await stop();
});

it('fires no timers for a process manager that was stopped while it was added, or could not be added', async () => {
  const first = await work(shop(fulfilment));
  await first.log.append([Placed({ orderId: 'o1', customer: 'ada' })]);
  await first.idle();
  await first.stop();
  const { log, clock, reactions, happened, stop } = await work(shop(), first);
  const adding = reactions.add(fulfilment);
  await reactions.stop('fulfilment');
  await adding;
  const read = cutOffTimers(log);
  await expect(reactions.add(fulfilment)).rejects.toThrow('cut off');
  read.mockRestore();
  await log.append([Placed({ orderId: 'o2', customer: 'bob' })]);
  clock.later({ hours: 1 });
  await sleep(50);
  expect(await happened('carillon:timer-fired')).toEqual([]);
  expect(await happened('carillon:process-advanced')).toHaveLength(1);
  await stop();
});

it('fires no timers after it was stopped, where processes share them and they could not be begun at first', async () => {
  const clock = testClock();
  const log = memoryLog({ clock });
  const errors: unknown[] = [];
  const keeper = new LeaseKeeper({
    store: new MemoryLeaseStore(),
    member: 'a',
    ttlMs: 400,
    onError: (error) => errors.push(error),
  });
  const reactions = new Reactions({
    application: shop(fulfilment),
    log,
    issueCommand: () => Promise.reject(new Error('nothing is issued')),
    scheduler: systemScheduler(clock),
    onFailure: ({ error }) => errors.push(error),
    sharing: { keeper, member: 'a' },
  });
  const stopWaking = log.onAppend((head) => reactions.wake(head));
  const read = cutOffTimers(log);
  await reactions.start();
  await keeper.start();
  await log.append([Placed({ orderId: 'o1', customer: 'ada' })]);
  await expect.poll(() => log.read({ items: [{ types: ['carillon:process-advanced'] }] })).toHaveLength(1);
  read.mockRestore();
  await expect.poll(() => keeper.hasAll).toBe(true);
  stopWaking();
  await keeper.close();
  clock.later({ hours: 1 });
  await sleep(50);
  expect(await log.read({ items: [{ types: ['carillon:timer-fired'] }] })).toEqual([]);
  // It says so each time that it tries.
  expect([...new Set(errors.map(String))]).toEqual(['Error: cut off']);
  await log.close();
});

/** Lets nobody read which timers wait. */
function cutOffTimers(log: Log) {
  const read = log.read.bind(log);
  return vi.spyOn(log, 'read').mockImplementation(async (query, options) => {
    if (query.items.some(({ types }) => types?.includes('carillon:timers-noted'))) throw new Error('cut off');
    return read(query, options);
  });
}
