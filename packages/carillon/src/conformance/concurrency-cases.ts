import assert from 'node:assert/strict';
import type { RecordedEvent } from '../definitions/event.js';
import type { Appended } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import { allEvents } from '../log/log-query.js';
import type { CaseList } from './log-case.js';
import { any, everything, happened, numbered, oneTo, positionsOf } from './sample-events.js';

export const concurrencyCases: CaseList = [
  [
    'of many who race with one condition exactly one wins, and the others are told who did',
    async ({ log }) => {
      for (const round of oneTo(5)) {
        const failIfEventsMatch = any({ types: ['Taken'], tags: [`name:${round}`] });
        const racers = oneTo(200).map((n) =>
          log.append([happened('Taken', [`name:${round}`], { n })], { failIfEventsMatch }),
        );
        const outcomes = await Promise.allSettled(racers);
        const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
        assert.equal(winners.length, 1);
        const winner = winners[0]?.value as Appended;
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue;
          assert.ok(outcome.reason instanceof AppendConditionError, String(outcome.reason));
          assert.equal(outcome.reason.conflictingPosition, winner.first);
        }
        assert.deepEqual(positionsOf(await log.read(failIfEventsMatch)), [winner.first]);
      }
    },
  ],
  [
    'appends that fail take none of those beside them down',
    async ({ log }) => {
      await log.append([happened('Taken', ['name:0'])]);
      const outcomes = await Promise.allSettled(
        oneTo(100).map((n) =>
          log.append([happened('Taken', [`name:${n % 2 === 0 ? 0 : n}`], { n })], {
            failIfEventsMatch: any({ tags: [`name:${n % 2 === 0 ? 0 : n}`] }),
          }),
        ),
      );
      assert.deepEqual(
        outcomes.map((outcome) => outcome.status),
        oneTo(100).map((n) => (n % 2 === 0 ? 'rejected' : 'fulfilled')),
      );
      const data = (await everything(log)).slice(1).map((event) => (event.data as { n: number }).n);
      assert.deepEqual(
        data.toSorted((a, b) => a - b),
        oneTo(100).filter((n) => n % 2 === 1),
      );
    },
  ],
  [
    'a chain of conditions, each after the one before, is a counter that never counts twice',
    async ({ log }) => {
      const counter = any({ tags: ['counter:1'] });
      const add = async () => {
        for (;;) {
          const read = await log.read(counter);
          const [last] = read.slice(-1);
          const n = ((last?.data as { n: number } | undefined)?.n ?? 0) + 1;
          try {
            await log.append([happened('Counted', ['counter:1'], { n })], {
              failIfEventsMatch: counter,
              after: last?.position ?? 0,
            });
            return;
          } catch (error) {
            if (!(error instanceof AppendConditionError)) throw error;
          }
        }
      };
      await Promise.all(oneTo(12).map(add));
      assert.deepEqual(
        (await log.read(counter)).map((event) => (event.data as { n: number }).n),
        oneTo(12),
      );
    },
  ],
  [
    'concurrent appends of several events each get consecutive positions, without gaps and without mixing',
    async ({ log }) => {
      const appended = await Promise.all(
        oneTo(150).map((n) =>
          log.append(oneTo(1 + (n % 4)).map((part) => happened('Part', [`append:${n}`], { n, part }))),
        ),
      );
      const total = oneTo(150).reduce((sum, n) => sum + 1 + (n % 4), 0);
      const events = await everything(log);
      assert.deepEqual(positionsOf(events), oneTo(total));
      for (const [index, { first, last }] of appended.entries()) {
        const own = events.slice(first - 1, last).map((event) => event.data);
        assert.deepEqual(
          own,
          oneTo(1 + ((index + 1) % 4)).map((part) => ({ n: index + 1, part })),
        );
      }
    },
  ],
  [
    'readers that follow while many write never see a gap, a repetition or a reordering',
    async ({ log }) => {
      const total = 2_000;
      let written = false;
      const follow = async () => {
        const seen: number[] = [];
        while (!written || seen.length < total) {
          const page: readonly RecordedEvent[] = await log.read(allEvents, { after: seen.at(-1) ?? 0, limit: 70 });
          seen.push(...positionsOf(page));
          if (page.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
          assert.deepEqual(seen.slice(-page.length - 1), oneTo(seen.length).slice(-page.length - 1));
        }
        return seen;
      };
      const write = async () => {
        for (let round = 0; round < 20; round++) {
          await Promise.all(numbered('A', 50).map((event) => log.append([event, event])));
        }
        written = true;
      };
      const [first, second] = await Promise.all([follow(), follow(), write()]);
      assert.deepEqual(first, oneTo(total));
      assert.deepEqual(second, oneTo(total));
    },
  ],
  [
    'the head never goes back and never runs ahead of what can be read',
    async ({ log }) => {
      let written = false;
      const watch = async () => {
        let before = 0;
        while (!written) {
          const head = await log.head();
          assert.ok(head >= before, `the head went from ${before} to ${head}`);
          const readable = (await log.read(allEvents, { backwards: true, limit: 1 }))[0]?.position ?? 0;
          assert.ok(readable >= head, `the head was ${head}, but ${readable} was the newest that could be read`);
          before = head;
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const write = async () => {
        for (let round = 0; round < 20; round++)
          await Promise.all(numbered('A', 20).map((event) => log.append([event])));
        written = true;
      };
      await Promise.all([watch(), write()]);
    },
  ],
];
