import assert from 'node:assert/strict';
import { InvalidLogQueryError } from '../log/log-errors.js';
import { allEvents, type LogQuery, maxQueryItems } from '../log/log-query.js';
import { readAll } from '../log/read-all.js';
import { rejects } from './expectations.js';
import type { CaseContext, CaseList } from './log-case.js';
import { any, happened, numbered, oneTo, positionsOf } from './sample-events.js';

/** Positions 1 to 60: types A, B, C in turn, tags by the remainder of 4 and of 5. */
async function fill({ log }: CaseContext): Promise<void> {
  const events = oneTo(60).map((n) =>
    happened(['C', 'A', 'B'][n % 3] as string, [`four:${n % 4}`, `five:${n % 5}`], { n }),
  );
  for (let i = 0; i < 60; i += 15) await log.append(events.slice(i, i + 15));
}

const where = (holds: (n: number) => boolean) => oneTo(60).filter(holds);

export const readingCases: CaseList = [
  [
    'each kind of query finds exactly what it means',
    async (context) => {
      await fill(context);
      const expectations: readonly (readonly [LogQuery, number[]])[] = [
        [allEvents, oneTo(60)],
        [any({ types: ['A'] }), where((n) => n % 3 === 1)],
        [any({ types: ['A', 'C'] }), where((n) => n % 3 !== 2)],
        [any({ types: ['A', 'A'] }), where((n) => n % 3 === 1)],
        [any({ tags: ['four:1'] }), where((n) => n % 4 === 1)],
        [any({ tags: ['four:1', 'five:2'] }), where((n) => n % 4 === 1 && n % 5 === 2)],
        [any({ tags: ['four:1', 'four:2'] }), []],
        [any({ types: ['B', 'C'], tags: ['five:0'] }), where((n) => n % 3 !== 1 && n % 5 === 0)],
        [any({ tags: ['four:1'] }, { tags: ['five:0'] }), where((n) => n % 4 === 1 || n % 5 === 0)],
        [any({ types: ['A'] }, { types: ['A'], tags: ['four:1'] }), where((n) => n % 3 === 1)],
        [any({ types: ['Z'] }), []],
      ];
      for (const [query, positions] of expectations) {
        assert.deepEqual(positionsOf(await context.log.read(query)), positions, JSON.stringify(query));
        const backwards = await context.log.read(query, { backwards: true });
        assert.deepEqual(positionsOf(backwards), positions.toReversed(), `backwards: ${JSON.stringify(query)}`);
      }
    },
  ],
  [
    '`after` leaves out the position it names; `limit` takes the next ones only',
    async (context) => {
      await fill(context);
      const five = any({ tags: ['five:0'] });
      assert.deepEqual(positionsOf(await context.log.read(allEvents, { after: 57 })), [58, 59, 60]);
      assert.deepEqual(positionsOf(await context.log.read(allEvents, { after: 10, limit: 3 })), [11, 12, 13]);
      assert.deepEqual(positionsOf(await context.log.read(five, { after: 20, limit: 2 })), [25, 30]);
      assert.deepEqual(positionsOf(await context.log.read(five, { after: 19, limit: 2 })), [20, 25]);
      assert.deepEqual(await context.log.read(allEvents, { after: 60 }), []);
      assert.deepEqual(await context.log.read(allEvents, { after: 1_000_000 }), []);
    },
  ],
  [
    'backwards goes from the newest to the oldest; `after` is then the position before which it begins',
    async (context) => {
      await fill(context);
      const five = any({ tags: ['five:0'] });
      const backwards = true;
      assert.deepEqual(positionsOf(await context.log.read(allEvents, { backwards, limit: 3 })), [60, 59, 58]);
      assert.deepEqual(positionsOf(await context.log.read(allEvents, { backwards, limit: 2, after: 31 })), [30, 29]);
      assert.deepEqual(positionsOf(await context.log.read(five, { backwards, limit: 2, after: 30 })), [25, 20]);
      assert.deepEqual(positionsOf(await context.log.read(five, { backwards, after: 11 })), [10, 5]);
      assert.deepEqual(await context.log.read(allEvents, { backwards, after: 1 }), []);
    },
  ],
  [
    'pages put together are the whole',
    async (context) => {
      await fill(context);
      for (const pageSize of [1, 7, 60, 100]) {
        const seen: number[] = [];
        for await (const event of readAll(context.log, allEvents, { pageSize })) seen.push(event.position);
        assert.deepEqual(seen, oneTo(60));
      }
      const seen: number[] = [];
      for await (const event of readAll(context.log, any({ types: ['A'] }), { pageSize: 3, after: 30 }))
        seen.push(event.position);
      assert.deepEqual(
        seen,
        where((n) => n % 3 === 1 && n > 30),
      );
    },
  ],
  [
    'a read returns 10,000 events at most, and that many without being asked to limit itself',
    async ({ log }) => {
      await log.append(numbered('A', 6_000));
      await log.append(numbered('A', 6_000));
      assert.deepEqual(positionsOf(await log.read(allEvents)), oneTo(10_000));
      assert.deepEqual(
        positionsOf(await log.read(any({ types: ['A'] }), { after: 5_000 })),
        oneTo(12_000).slice(5_000),
      );
    },
  ],
  [
    'queries that mean nothing are refused',
    async ({ log }) => {
      const meaningless: unknown[] = [
        any({}),
        any({ types: [], tags: [] }),
        any({ tags: ['a:1'] }, {}),
        any({ types: [''] }),
        any({ tags: [''] }),
        any({ tags: [7 as never] }),
        any(...oneTo(maxQueryItems + 1).map((n) => ({ tags: [`n:${n}`] }))),
        {},
        undefined,
        null,
      ];
      for (const query of meaningless as LogQuery[]) {
        await rejects(() => log.read(query), InvalidLogQueryError);
        await rejects(async () => log.load([{ query, after: 0 }]), InvalidLogQueryError);
        await rejects(() => log.append([happened('A')], { failIfEventsMatch: query }), InvalidLogQueryError);
      }
      assert.equal(await log.head(), 0);
    },
  ],
  [
    'a query may have as many items as the limit says',
    async ({ log }) => {
      await log.append([happened('A', ['n:1']), happened('A', ['n:500']), happened('A', ['n:5000'])]);
      const query = any(...oneTo(maxQueryItems).map((n) => ({ tags: [`n:${n}`] })));
      assert.deepEqual(positionsOf(await log.read(query)), [1, 2]);
    },
  ],
];
