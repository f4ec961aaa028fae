import assert from 'node:assert/strict';
import { LogWriteError } from '../log/log-errors.js';
import { allEvents } from '../log/log-query.js';
import { conflicts, rejects } from './expectations.js';
import type { CaseContext, CaseList } from './log-case.js';
import { any, everything, happened, numbered, oneTo, positionsOf, typesOf } from './sample-events.js';

/** Runs a case where writes can be made to fail; elsewhere the harness must say that it cannot. */
function whileBroken(run: (context: CaseContext) => Promise<void>): CaseList[number][1] {
  return async (context) => {
    if (context.features.storageFailure !== true) {
      assert.ok(context.features.storageFailure.unsupported.length > 0, 'the reason is missing');
      await assert.rejects(() => context.breakStorage());
      return;
    }
    await context.log.append([happened('Before', ['a:1'])]);
    await context.breakStorage();
    try {
      await run(context);
    } finally {
      await context.repairStorage();
    }
  };
}

export const failureCases: CaseList = [
  [
    'what cannot be written is refused, is never seen by readers, and leaves no gap',
    whileBroken(async ({ log, repairStorage }) => {
      const heard: number[] = [];
      log.onAppend((head) => heard.push(head));
      const appending = oneTo(20).map((n) => log.append([happened('Lost', [`n:${n}`]), happened('Lost')]));
      const outcomes = Promise.allSettled(appending);
      let settled = false;
      void outcomes.then(() => {
        settled = true;
      });
      while (!settled) {
        assert.deepEqual(positionsOf(await everything(log)), [1]);
        assert.deepEqual(await log.read(any({ types: ['Lost'] })), []);
        assert.equal(await log.head(), 1);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      for (const outcome of await outcomes) {
        assert.equal(outcome.status, 'rejected');
        assert.ok(outcome.reason instanceof LogWriteError, String(outcome.reason));
      }
      await repairStorage();
      assert.deepEqual(await log.append([happened('After')]), { first: 2, last: 2 });
      assert.deepEqual(typesOf(await everything(log)), ['Before', 'After']);
      assert.deepEqual(
        heard.filter((head) => head > 2),
        [],
      );
    }),
  ],
  [
    'who loaded what was lost is told so',
    whileBroken(async ({ log, repairStorage }) => {
      const appending = rejects(() => log.append(numbered('Lost', 3)), LogWriteError);
      const { position, durable } = await log.load([{ query: allEvents, after: 0 }]);
      if (position > 1) await rejects(async () => durable, LogWriteError);
      else await durable;
      await appending;
      await repairStorage();
      const again = await log.load([{ query: allEvents, after: 0 }]);
      assert.deepEqual(again.events.map(typesOf), [['Before']]);
      assert.equal(again.position, 1);
    }),
  ],
  [
    'what was lost conflicts with nothing afterwards; what was there still does',
    whileBroken(async ({ log, repairStorage }) => {
      await rejects(() => log.append([happened('Lost', ['name:1'])]), LogWriteError);
      await repairStorage();
      await log.append([happened('Kept', ['name:1'])], { failIfEventsMatch: any({ tags: ['name:1'] }) });
      await conflicts(() => log.append([happened('X')], { failIfEventsMatch: any({ tags: ['name:1'] }) }), 2);
      await conflicts(() => log.append([happened('X')], { failIfEventsMatch: any({ tags: ['a:1'] }) }), 1);
    }),
  ],
];
