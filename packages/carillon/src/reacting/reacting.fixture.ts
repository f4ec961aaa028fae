import { z } from 'zod';
import { CommandExecutor } from '../deciding/command-executor.js';
import { type Application, application } from '../definitions/application.js';
import { command } from '../definitions/command.js';
import { event, type RecordedEvent } from '../definitions/event.js';
import { type AnyReaction, module } from '../definitions/module.js';
import { state } from '../definitions/state.js';
import type { Log } from '../log/log.js';
import { allEvents } from '../log/log-query.js';
import { memoryLog } from '../log/memory-log.js';
import { readAll } from '../log/read-all.js';
import { type TestClock, testClock } from '../testing/test-clock.js';
import { Reactions } from './reactions.js';
import { systemScheduler } from './scheduler.js';
import type { Work } from './work.js';

/** A small shop: what the tests of reactions and processes work on. */
const Order = z.object({ orderId: z.string(), customer: z.string() });
export const Placed = event('Placed', { data: Order, tags: (e) => ({ order: e.orderId, customer: e.customer }) });
export const Paid = event('Paid', { data: z.object({ orderId: z.string() }), tags: (e) => ({ order: e.orderId }) });
export const Shipped = event('Shipped', {
  data: z.object({ orderId: z.string() }),
  tags: (e) => ({ order: e.orderId }),
});
export const Cancelled = event('Cancelled', {
  data: z.object({ orderId: z.string(), reason: z.string() }),
  tags: (e) => ({ order: e.orderId }),
});
export const Greeted = event('Greeted', {
  data: z.object({ customer: z.string(), orderId: z.string() }),
  tags: (e) => ({ customer: e.customer }),
});

const order = state('order', { initial: 'unknown' as 'unknown' | 'placed' | 'paid' | 'shipped' | 'cancelled' })
  .on(Placed, () => 'placed')
  .on(Paid, () => 'paid')
  .on(Shipped, () => 'shipped')
  .on(Cancelled, () => 'cancelled');

export const Place = command('Place', { data: Order, decide: ({ data }) => Placed(data) });
export const Pay = command('Pay', { data: z.object({ orderId: z.string() }), decide: ({ data }) => Paid(data) });
export const Greet = command('Greet', {
  data: z.object({ customer: z.string(), orderId: z.string() }),
  authorize: () => false,
  decide: ({ data }) => Greeted(data),
});
export const Ship = command('Ship', {
  data: z.object({ orderId: z.string() }),
  reads: (c) => ({ order: order(c.orderId) }),
  rejections: { NotPaid: 'The order is not paid' },
  decide: ({ data, order, reject }) => (order === 'paid' ? Shipped(data) : reject('NotPaid')),
});
export const Cancel = command('Cancel', {
  data: z.object({ orderId: z.string(), reason: z.string() }),
  reads: (c) => ({ order: order(c.orderId) }),
  decide: ({ data, order }) => (order === 'placed' ? Cancelled(data) : undefined),
});

/** The application with these reactions. */
export function shop(...reactions: readonly AnyReaction[]): Application<any, any> {
  return application('shop', {
    modules: [
      module('orders', {
        publishes: [Placed, Paid, Shipped, Cancelled, Greeted],
        commands: [Place, Pay, Greet, Ship, Cancel],
        reactions,
      }),
    ],
  });
}

/** An application at work on a log, as far as reactions need it. */
export interface Workplace {
  readonly log: Log;
  readonly clock: TestClock;
  readonly executor: CommandExecutor;
  readonly reactions: Reactions;
  /** What failed, in order. */
  readonly errors: string[];
  /** Waits until there is nothing left to do. */
  idle(): Promise<void>;
  /** The events of these types, all of the application's own without. */
  happened(...types: string[]): Promise<RecordedEvent[]>;
  /** Stops the reactions and leaves the log as it is. */
  stop(): Promise<void>;
}

/** Puts reactions to work; on the log of another workplace to go on there. */
export async function work(
  app: Application<any, any>,
  before?: Pick<Workplace, 'log' | 'clock'>,
  decorate: (work: Work) => Work = (work) => work,
): Promise<Workplace> {
  const clock = before?.clock ?? testClock();
  const log = before?.log ?? memoryLog({ clock });
  const executor = new CommandExecutor({ application: app, log, clock });
  const errors: string[] = [];
  const reactions = new Reactions({
    application: app,
    log,
    issueCommand: (request, call) => executor.execute(request, { ...call, isInternal: true }),
    scheduler: systemScheduler(clock),
    decorate,
    onFailure: ({ reaction, error, event, outcome }) =>
      errors.push(`${reaction} ${event?.position} ${outcome}: ${(error as Error).message}`),
  });
  const stopWaking = log.onAppend((head) => reactions.wake(head));
  await reactions.start();
  return {
    log,
    clock,
    executor,
    reactions,
    errors,
    async idle() {
      for (let head = await log.head(); ; head = await log.head()) {
        reactions.wake(head);
        await reactions.whenDone();
        await new Promise(setImmediate);
        if ((await log.head()) === head && reactions.isIdle(head)) return;
      }
    },
    async happened(...types) {
      const events: RecordedEvent[] = [];
      for await (const one of readAll(log, allEvents)) {
        if (types.length === 0 ? !one.type.includes(':') : types.includes(one.type)) events.push(one);
      }
      return events;
    },
    async stop() {
      stopWaking();
      await reactions.close();
    },
  };
}
