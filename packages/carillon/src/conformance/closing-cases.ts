import assert from 'node:assert/strict';
import { LogClosedError } from '../log/log-errors.js';
import { allEvents } from '../log/log-query.js';
import { conflicts, rejects } from './expectations.js';
import type { CaseContext, CaseList } from './log-case.js';
import { any, everything, happened, numbered, oneTo, positionsOf } from './sample-events.js';

/** Runs a case on adapters that can reopen; elsewhere the harness must say that it cannot. */
function reopening(run: (context: CaseContext) => Promise<void>): CaseList[number][1] {
  return async (context) => {
    if (context.features.reopen === true) return run(context);
    assert.ok(context.features.reopen.unsupported.length > 0, 'the reason is missing');
    await assert.rejects(() => context.reopen());
  };
}

export const closingCases: CaseList = [
  [
    'after close, everything is refused',
    async ({ log }) => {
      await log.append([happened('A')]);
      await log.close();
      await rejects(() => log.append([happened('B')]), LogClosedError);
      await rejects(() => log.read(allEvents), LogClosedError);
      await rejects(() => log.head(), LogClosedError);
      await rejects(async () => log.load([{ query: allEvents, after: 0 }]), LogClosedError);
    },
  ],
  [
    'close may be called twice, also at the same time',
    async ({ log }) => {
      await log.append([happened('A')]);
      await Promise.all([log.close(), log.close()]);
      await log.close();
    },
  ],
  [
    'close writes what was accepted before it: those appends return',
    async ({ log }) => {
      const appends = oneTo(50).map((n) => log.append([happened('A', [], { n })]));
      const closing = log.close();
      await rejects(() => log.append([happened('B')]), LogClosedError);
      const positions = (await Promise.all(appends)).map(({ first }) => first);
      assert.deepEqual(
        positions.toSorted((a, b) => a - b),
        oneTo(50),
      );
      await closing;
    },
  ],
  [
    'everything is there again after the log was closed and opened',
    reopening(async ({ log, reopen }) => {
      await log.append([{ ...happened('A', ['a:1'], { n: 1 }), metadata: { by: 'ada' } }, happened('B', ['b:1'])]);
      await Promise.all(numbered('C', 500, ['c:1']).map((event) => log.append([event])));
      const before = await everything(log);
      const again = await reopen();
      assert.deepEqual(await everything(again), before);
      assert.equal(await again.head(), 502);
      assert.deepEqual(positionsOf(await again.read(any({ tags: ['b:1'] }))), [2]);
      assert.equal((await again.read(any({ types: ['C'] }))).length, 500);
    }),
  ],
  [
    'what was accepted before close is there after it was opened again',
    reopening(async ({ log, reopen }) => {
      const appends = Promise.all(oneTo(200).map((n) => log.append([happened('A', [`n:${n}`])])));
      const again = await reopen();
      await appends;
      assert.deepEqual(positionsOf(await everything(again)), oneTo(200));
    }),
  ],
  [
    'positions and conditions go on where they were, time after time',
    reopening(async ({ log, reopen }) => {
      let current = log;
      for (const n of oneTo(3)) {
        assert.deepEqual(await current.append([happened('A', [`n:${n}`])]), { first: n, last: n });
        current = await reopen();
        for (const old of oneTo(n)) {
          await conflicts(
            () => current.append([happened('X')], { failIfEventsMatch: any({ tags: [`n:${old}`] }) }),
            old,
          );
        }
        const { events, position } = await current.load([{ query: any({ types: ['A'] }), after: 0 }]);
        assert.deepEqual(positionsOf(events[0] ?? []), oneTo(n));
        assert.equal(position, n);
      }
    }),
  ],
];
