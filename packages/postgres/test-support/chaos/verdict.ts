import type { QueryRequest, RecordedEvent } from 'carillon';
import { allEvents, readAll } from 'carillon/log';
import { type RunningApplication, start, startInMemory } from 'carillon/runtime';
import { problemsAtRest } from '../../../../examples/shop/src/invariants.js';
import { readBook } from '../../../../examples/shop/src/provider/book.js';
import { shopWith } from '../../../../examples/shop/src/shop.js';
import { OrderStatus } from '../../../../examples/shop/src/storefront/order-queries.js';
import { ProductDetails } from '../../../../examples/shop/src/storefront/product-queries.js';
import { SalesByDay } from '../../../../examples/shop/src/storefront/sales.js';
import { postgresStorage } from '../../src/storage.js';
import { type Acknowledged, products } from './customers.js';

/** What there was, and what is wrong with it; nothing, when all is well. */
export interface Verdict {
  readonly events: number;
  readonly orders: number;
  readonly charges: number;
  readonly problems: readonly string[];
}

/** Looks at a shop that is left alone: what stands in its log, its read models, and the book of the provider. */
export async function verdict(
  url: string,
  book: string,
  acknowledged: readonly Acknowledged[],
  timeoutMs: number,
): Promise<Verdict> {
  const shop = shopWith();
  const looking = await start(shop, { storage: postgresStorage({ url }), roles: ['read'] });
  try {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const events: RecordedEvent[] = [];
      for await (const event of readAll(looking.log, allEvents)) events.push(event);
      const entries = readBook(book);
      const problems = [
        ...problemsAtRest(events, entries),
        ...(await unfinished(looking)),
        ...lost(events, acknowledged),
        ...gaps(events),
      ];
      if (problems.length === 0) problems.push(...(await differences(looking, events)));
      // A timer that was due meanwhile has made it another shop than the one that was looked at.
      const isStill = (await looking.log.head()) === events.length;
      const isLate = performance.now() >= deadlineMs;
      if ((problems.length === 0 && isStill) || isLate) {
        if (!isStill) problems.push('it does not come to rest');
        const count = (type: string) => events.filter((event) => event.type === type).length;
        return { events: events.length, orders: count('OrderPlaced'), charges: entries.length, problems };
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    await looking.close();
  }
}

/** No event unprocessed, none parked. */
async function unfinished(running: RunningApplication): Promise<string[]> {
  const [reactions, readModels] = await Promise.all([running.reactions(), running.readModels()]);
  return [
    ...reactions
      .filter(({ lagEvents, parked }) => lagEvents > 0 || parked.length > 0)
      .map(({ name, lagEvents, parked }) => `reaction ${name}: ${lagEvents} behind, ${parked.length} parked`),
    ...readModels
      .filter(({ lagEvents, failure }) => lagEvents > 0 || failure !== undefined)
      .map(
        ({ name, lagEvents, failure }) =>
          `read model ${name}: ${lagEvents} behind, ${failure?.message ?? 'not failed'}`,
      ),
  ];
}

/** Every command that was acknowledged is in the log, where its receipt says. */
function lost(events: readonly RecordedEvent[], acknowledged: readonly Acknowledged[]): string[] {
  return acknowledged
    .filter(({ commandId, position }) => {
      const event = events[position - 1];
      // A command that changed nothing has no event: its position is the one as of which that was decided.
      const isThere = event?.metadata['commandId'] === commandId;
      return !isThere && (event === undefined || events.some((one) => one.metadata['commandId'] === commandId));
    })
    .map(({ commandId, position }) => `command ${commandId} is not at its position ${position}`);
}

function gaps(events: readonly RecordedEvent[]): string[] {
  const at = events.findIndex(({ position }, n) => position !== n + 1);
  return at < 0 ? [] : [`the event number ${at + 1} of the log has position ${events[at]?.position}`];
}

/** The read models say what those say that are built from the same events by one process that nobody disturbs. */
async function differences(running: RunningApplication, events: readonly RecordedEvent[]): Promise<string[]> {
  const calm = await startInMemory(shopWith(), { reactions: false });
  try {
    for (let n = 0; n < events.length; n += 1_000) await calm.log.append(events.slice(n, n + 1_000).map(stripped));
    await calm.idle();
    const orders = events
      .filter(({ type }) => type === 'OrderPlaced')
      .map(({ data }) => (data as any).orderId as string);
    const some = orders.filter((_, n) => n % Math.ceil(orders.length / 200) === 0);
    const questions: QueryRequest[] = [
      SalesByDay({ from: '2020-01-01', to: '2100-01-01' }),
      ...products.map((productId) => ProductDetails({ productId })),
      ...some.map((orderId) => OrderStatus({ orderId })),
    ];
    const problems: string[] = [];
    for (const question of questions) {
      const [here, there] = await Promise.all([running.query(question), calm.query(question)]);
      const [found, wanted] = [timeless(here.result), timeless(there.result)];
      if (found !== wanted) problems.push(`${question.query.type} answers ${found} and not ${wanted}`);
    }
    return problems;
  } finally {
    await calm.close();
  }
}

function stripped({ type, version, data, tags, id, metadata }: RecordedEvent) {
  return { type, version, data, tags, id, metadata };
}

/** When something was recorded differs between the two. */
function timeless(result: unknown): string {
  return JSON.stringify(result, (key, value) => (['at', 'placedAt', 'day'].includes(key) ? undefined : value));
}
