import assert from 'node:assert/strict';
import { allEvents } from '../log/log-query.js';
import { conflicts } from './expectations.js';
import type { CaseList } from './log-case.js';
import { any, happened, numbered, oneTo, positionsOf } from './sample-events.js';

export const loadingCases: CaseList = [
  [
    'every read is answered in full, in order, and as of one position',
    async ({ log }) => {
      await log.append([happened('A', ['a:1']), happened('B', ['b:1']), happened('A', ['a:1', 'b:1'])]);
      const { events, position, durable } = await log.load([
        { query: any({ tags: ['a:1'] }), after: 0 },
        { query: any({ tags: ['b:1'] }), after: 2 },
        { query: allEvents, after: 1 },
        { query: any({ tags: ['c:1'] }), after: 0 },
      ]);
      assert.deepEqual(events.map(positionsOf), [[1, 3], [3], [2, 3], []]);
      assert.equal(position, 3);
      await durable;
    },
  ],
  [
    'of an empty log nothing is loaded, as of position 0',
    async ({ log }) => {
      assert.deepEqual(await log.load([{ query: allEvents, after: 0 }]), {
        events: [[]],
        position: 0,
        durable: undefined,
      });
      assert.deepEqual(await log.load([]), { events: [], position: 0, durable: undefined });
    },
  ],
  [
    'there is no limit to the number of events',
    async ({ log }) => {
      for (let i = 0; i < 3; i++) await log.append(numbered('A', 5_000, ['a:1']));
      const { events } = await log.load([{ query: any({ tags: ['a:1'] }), after: 3 }]);
      assert.deepEqual(positionsOf(events[0] ?? []), oneTo(15_000).slice(3));
    },
  ],
  [
    'it may see what is not durable yet, and then says when it is; `read` and `head` do not',
    async ({ log }) => {
      await log.append([happened('A')]);
      const appending = log.append([happened('B'), happened('C')]);
      const loading = log.load([{ query: allEvents, after: 0 }]);
      const [head, read] = await Promise.all([log.head(), log.read(allEvents)]);
      const { events, position, durable } = await loading;
      assert.deepEqual(positionsOf(events[0] ?? []), oneTo(position));
      assert.ok(position === 1 || position === 3, `loaded as of ${position}: half an append`);
      assert.ok(head === 1 || head === 3, `the head was ${head}: half an append`);
      assert.ok(read.length === 1 || read.length === 3, `read ${read.length} events: half an append`);
      await durable;
      assert.ok((await log.head()) >= position, 'what was said to be durable was not in the head');
      assert.ok((await log.read(allEvents)).length >= position, 'what was said to be durable could not be read');
      await appending;
      assert.equal(await log.head(), 3);
    },
  ],
  [
    'what was loaded can be decided on: an append on it fails when anything came between',
    async ({ log }) => {
      const account = any({ tags: ['account:1'] });
      await log.append([happened('Opened', ['account:1'])]);
      const { position } = await log.load([{ query: account, after: 0 }]);
      await log.append([happened('Closed', ['account:1'])]);
      await conflicts(
        () => log.append([happened('Used', ['account:1'])], { failIfEventsMatch: account, after: position }),
        2,
      );
    },
  ],
  [
    'decisions on decisions that are not durable yet come out in order',
    async ({ log }) => {
      const counter = any({ tags: ['counter:1'] });
      const appends: Promise<unknown>[] = [];
      for (const n of oneTo(100)) {
        const { events, position } = await log.load([{ query: counter, after: 0 }]);
        const count = events[0]?.length ?? 0;
        assert.equal(count, position, 'nothing else is in the log');
        appends.push(
          log.append([happened('Counted', ['counter:1'], { n: count + 1 })], {
            failIfEventsMatch: counter,
            after: position,
          }),
        );
        // An adapter whose loads see only what is durable must be given the time to make it so.
        if (count < n - 1) await Promise.all(appends.splice(0));
      }
      const outcomes = await Promise.allSettled(appends);
      assert.deepEqual(
        (await log.read(counter)).map((event) => (event.data as { n: number }).n),
        oneTo(await log.head()),
      );
      assert.ok(outcomes.some((outcome) => outcome.status === 'fulfilled'));
    },
  ],
];
