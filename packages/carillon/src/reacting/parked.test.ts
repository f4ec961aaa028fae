// What becomes of parked events when more happens meanwhile: a restart, an outage of the log, another version, many keys at once.
import { expect, test, vi } from 'vitest';
import { reaction } from '../definitions/reaction.js';
import { Placed, shop, type Workplace, work } from './reacting.fixture.js';
import { eventRetried, eventSkipped } from './work-events.js';

const place = (orderId: string, customer = 'ada') => Placed({ orderId, customer });
const parkedOf = ({ reactions }: Workplace) => reactions.ownStates()[0]?.parked ?? [];
const firstParked = (workplace: Workplace) => parkedOf(workplace)[0]?.position ?? 0;

/** Charges each order, those of a customer in order; what cannot be done is parked at once. */
function charging(run: (orderId: string, signal: AbortSignal) => Promise<void> | void, maxConcurrency = 16) {
  return reaction('charging', {
    on: Placed,
    startsAt: 'beginning',
    inOrderBy: (e) => e.customer,
    maxConcurrency,
    retry: { maxAttempts: 1 },
    run: (e, { signal }) => run(e.orderId, signal),
  });
}

test('what was skipped is not done after a restart either, though another key keeps the reaction from getting farther', async () => {
  const done: string[] = [];
  let isBroken = true;
  const app = shop(
    charging(async (orderId, signal) => {
      if (isBroken && orderId === 'slow') {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        signal.throwIfAborted();
      }
      if (isBroken && orderId === 'bad') throw new Error('no such card');
      done.push(orderId);
    }),
  );
  const first = await work(app);
  await first.log.append([place('slow', 'bob'), place('bad'), place('next')]);
  await expect.poll(() => parkedOf(first)).toHaveLength(1);
  await first.reactions.skip('charging', firstParked(first), 'paid in cash');
  await expect.poll(() => done).toEqual(['next']);
  await first.stop();

  isBroken = false;
  const second = await work(app, first);
  await second.idle();
  expect(done).not.toContain('bad');
  expect(done).toContain('slow');
  await second.stop();
});

test('what was skipped while nothing ran is not done at the start, though it was not recorded before that it was reached', async () => {
  const done: string[] = [];
  const first = await work(shop(charging(() => Promise.reject(new Error('no such card')))));
  await first.log.append([place('bad'), place('next')]);
  await expect.poll(() => parkedOf(first)).toHaveLength(1);
  const position = firstParked(first);
  const append = vi.spyOn(first.log, 'append').mockRejectedValue(new Error('The process is killed.'));
  await first.stop();
  append.mockRestore();

  const second = await work(shop(), first);
  const app = shop(charging((orderId) => void done.push(orderId)));
  await second.log.append([eventSkipped({ reaction: 'charging', key: 'ada', position }, 'paid in cash', 'eve')]);
  await second.stop();
  const third = await work(app, first);
  await third.idle();
  expect(done).toEqual(['next']);
  await third.stop();
});

test('what was decided first about a parked event counts, after a restart as before', async () => {
  const done: string[] = [];
  const first = await work(shop(charging(() => Promise.reject(new Error('no such card')))));
  await first.log.append([place('bad'), place('next')]);
  await first.idle();
  const decided = { reaction: 'charging', key: 'ada', position: firstParked(first) };
  await first.stop();
  await first.log.append([eventRetried(decided, 'ann'), eventSkipped(decided, 'paid in cash', 'eve')]);
  const second = await work(shop(charging((orderId) => void done.push(orderId))), first);
  await second.idle();
  expect(done).toEqual(['bad', 'next']);
  await second.stop();
});

test('a key that goes on does so when the log can be read again', async () => {
  const done: string[] = [];
  let isBroken = true;
  const first = await work(
    shop(
      charging((orderId) => {
        if (isBroken) throw new Error('not today');
        done.push(orderId);
      }),
    ),
  );
  const { log, reactions, errors, idle } = first;
  await log.append([place('o1'), place('o2')]);
  await idle();
  isBroken = false;
  const read = log.read.bind(log);
  let isCutOff = true;
  vi.spyOn(log, 'read').mockImplementation((query, options) => {
    // Only what waits is read without the decisions of operators.
    if (!isCutOff || query.items.length > 1) return read(query, options);
    isCutOff = false;
    return Promise.reject(new Error('cut off'));
  });
  await reactions.retry('charging', firstParked(first));
  await expect.poll(() => done).toEqual(['o1', 'o2']);
  expect(errors.at(-1)).toBe('charging undefined retried: cut off');
  await idle();
  expect(parkedOf(first)).toEqual([]);
  await first.stop();
});

test('an event whose key could not be told is done when it is retried and its key can be', async () => {
  const done: string[] = [];
  const version = (keyOf: (customer: string) => string) =>
    reaction('strict', {
      on: Placed,
      startsAt: 'beginning',
      retry: { maxAttempts: 1 },
      inOrderBy: (e) => keyOf(e.customer),
      run: (e) => void done.push(e.orderId),
    });
  const broken = version(() => {
    throw new Error('whose order is this?');
  });
  const first = await work(shop(broken));
  await first.log.append([place('o1')]);
  await first.idle();
  await first.stop();
  const second = await work(shop(version((customer) => customer)), first);
  await second.reactions.retry('strict', firstParked(second));
  await second.idle();
  expect(done).toEqual(['o1']);
  await second.stop();
});

test('no more keys go on at a time than are worked on at a time, and those that are new have their turn', async () => {
  let isBroken = true;
  let [now, most] = [0, 0];
  const done: string[] = [];
  const place1 = await work(
    shop(
      charging(async (orderId) => {
        if (isBroken) throw new Error('not today');
        most = Math.max(most, ++now);
        await new Promise(setImmediate);
        now--;
        done.push(orderId);
      }, 2),
    ),
  );
  const { log, reactions, idle } = place1;
  const customers = Array.from({ length: 10 }, (_, n) => `c${n}`);
  await log.append(
    customers.flatMap((customer) => [place(`${customer}-1`, customer), place(`${customer}-2`, customer)]),
  );
  await idle();
  isBroken = false;
  for (const { position } of parkedOf(place1)) await reactions.retry('charging', position);
  await log.append([place('new', 'zoe')]);
  await idle();
  expect(most).toBe(2);
  expect(done).toHaveLength(21);
  expect(done.at(-1)).not.toBe('new');
  await place1.stop();
});

test('nobody can decide about an event before it is recorded that it is parked', async () => {
  const place1 = await work(shop(charging(() => Promise.reject(new Error('no such card')))));
  const { log, reactions, errors, happened } = place1;
  const append = log.append.bind(log);
  let isCutOff = true;
  vi.spyOn(log, 'append').mockImplementation((events, condition) => {
    if (!isCutOff || events[0]?.type !== 'carillon:event-parked') return append(events, condition);
    return Promise.reject(new Error('cut off'));
  });
  const { last } = await log.append([place('bad')]);
  await expect.poll(() => errors).toContain('charging undefined retried: cut off');
  expect(parkedOf(place1)).toEqual([]);
  await expect(reactions.skip('charging', last, 'too early')).rejects.toThrow('no parked event');
  isCutOff = false;
  await expect.poll(() => parkedOf(place1)).toHaveLength(1);
  expect(await happened('carillon:event-parked')).toHaveLength(1);
  await place1.stop();
});
