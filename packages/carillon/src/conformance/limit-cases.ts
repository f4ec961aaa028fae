import assert from 'node:assert/strict';
import { maxTagsPerEvent } from '../definitions/tag.js';
import type { Appended } from '../log/log.js';
import { LogLimitError, LogOverloadedError } from '../log/log-errors.js';
import { maxEventBytes, maxEventsPerAppend, maxPendingEvents, maxReadLimit } from '../log/log-limits.js';
import { allEvents } from '../log/log-query.js';
import { rejects } from './expectations.js';
import type { CaseList } from './log-case.js';
import { happened, numbered, oneTo } from './sample-events.js';

export const limitCases: CaseList = [
  [
    'an append needs an event, and takes as many as the limit says',
    async ({ log }) => {
      await rejects(() => log.append([]), LogLimitError);
      await rejects(() => log.append(numbered('A', maxEventsPerAppend + 1)), LogLimitError);
      assert.equal(await log.head(), 0);
      const appended = await log.append(numbered('A', maxEventsPerAppend));
      assert.deepEqual(appended, { first: 1, last: maxEventsPerAppend });
    },
  ],
  [
    'an event is as large as the limit says at most, in bytes of UTF-8, and no larger one is kept in part',
    async ({ log }) => {
      const fits = maxEventBytes - '{"text":""}'.length - '{}'.length;
      await rejects(
        () => log.append([happened('A'), happened('A', [], { text: 'x'.repeat(fits + 1) })]),
        LogLimitError,
      );
      await rejects(() => log.append([happened('A', [], { text: '🙂'.repeat(fits / 4 + 1) })]), LogLimitError);
      await rejects(() => log.append([{ ...happened('A'), metadata: { text: 'x'.repeat(fits + 1) } }]), LogLimitError);
      assert.equal(await log.head(), 0);
      assert.deepEqual(await log.append([happened('A', [], { text: 'x'.repeat(fits) })]), { first: 1, last: 1 });
    },
  ],
  [
    'an event has as many tags as the limit says at most',
    async ({ log }) => {
      const tags = oneTo(maxTagsPerEvent + 1).map((n) => `n:${n}`);
      await rejects(() => log.append([happened('A', tags)]), LogLimitError);
      await log.append([happened('A', tags.slice(1))]);
      assert.equal((await log.read(allEvents))[0]?.tags.length, maxTagsPerEvent);
    },
  ],
  [
    'a read takes limits and positions that make sense only',
    async ({ log }) => {
      await log.append(numbered('A', 3));
      for (const limit of [0, -1, 1.5, maxReadLimit + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
        await rejects(() => log.read(allEvents, { limit }), LogLimitError);
      }
      for (const after of [-1, 0.5, Number.NaN, 2 ** 60, Number.POSITIVE_INFINITY]) {
        await rejects(() => log.read(allEvents, { after }), LogLimitError);
        await rejects(async () => log.load([{ query: allEvents, after }]), LogLimitError);
        await rejects(() => log.append([happened('A')], { failIfEventsMatch: allEvents, after }), LogLimitError);
      }
      assert.equal((await log.read(allEvents, { limit: maxReadLimit })).length, 3);
      assert.equal(await log.head(), 3);
    },
  ],
  [
    'when too much waits to be written, appends are refused, and taken again once it is written',
    async ({ log }) => {
      const large = numbered('A', maxEventsPerAppend);
      const appends = oneTo(maxPendingEvents / maxEventsPerAppend + 5).map(() => log.append(large));
      const outcomes = await Promise.allSettled(appends);
      const accepted = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      assert.ok(accepted.length >= 1 && refused.length >= 1, `${accepted.length} accepted, ${refused.length} refused`);
      for (const { reason } of refused) assert.ok(reason instanceof LogOverloadedError, String(reason));
      const lasts = accepted.map(({ value }: PromiseFulfilledResult<Appended>) => value.last);
      assert.deepEqual(
        lasts,
        oneTo(accepted.length).map((n) => n * maxEventsPerAppend),
      );
      const head = accepted.length * maxEventsPerAppend;
      assert.equal(await log.head(), head);
      assert.deepEqual(await log.append([happened('B')]), { first: head + 1, last: head + 1 });
    },
  ],
];
