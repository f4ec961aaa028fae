import assert from 'node:assert/strict';
import type { LogQuery } from '../log/log-query.js';
import { allEvents } from '../log/log-query.js';
import { conflicts } from './expectations.js';
import type { CaseContext, CaseList } from './log-case.js';
import { any, everything, happened, typesOf } from './sample-events.js';

/** Positions 1 to 5. */
async function fill({ log }: CaseContext): Promise<void> {
  await log.append([
    happened('CourseDefined', ['course:c1']),
    happened('CourseDefined', ['course:c2']),
    happened('StudentRegistered', ['student:s1']),
    happened('StudentSubscribed', ['course:c1', 'student:s1']),
    happened('CourseRenamed', ['course:c1']),
  ]);
}

/** An append on condition that a query matches nothing. */
function attempt({ log }: CaseContext, failIfEventsMatch: LogQuery, after?: number): Promise<unknown> {
  return log.append(
    [happened('Attempted')],
    after === undefined ? { failIfEventsMatch } : { failIfEventsMatch, after },
  );
}

/** For each query: the first position that it matches, or undefined. Each is tried as a condition. */
function table(rows: readonly (readonly [query: LogQuery, first: number | undefined])[]): CaseList[number][1] {
  return async (context) => {
    await fill(context);
    for (const [query, first] of rows) {
      if (first === undefined) await attempt(context, query);
      else await conflicts(() => attempt(context, query), first);
    }
    const accepted = rows.filter(([, first]) => first === undefined).length;
    assert.equal(await context.log.head(), 5 + accepted, 'what was refused left nothing behind');
  };
}

export const conditionCases: CaseList = [
  [
    'types are alternatives: any of them conflicts',
    table([
      [any({ types: ['StudentRegistered', 'CourseRenamed'] }), 3],
      [any({ types: ['CourseRenamed'] }), 5],
      [any({ types: ['CourseArchived', 'Nothing'] }), undefined],
    ]),
  ],
  [
    'tags add up: only an event with all of them conflicts',
    table([
      [any({ tags: ['student:s1', 'course:c1'] }), 4],
      [any({ tags: ['course:c2', 'student:s1'] }), undefined],
      [any({ tags: ['course:c3'] }), undefined],
    ]),
  ],
  [
    'types and tags of one item must both fit',
    table([
      [any({ types: ['CourseRenamed'], tags: ['course:c1'] }), 5],
      [any({ types: ['CourseRenamed'], tags: ['course:c2'] }), undefined],
      [any({ types: ['CourseDefined', 'CourseRenamed'], tags: ['course:c2'] }), 2],
    ]),
  ],
  [
    'items are alternatives: any of them conflicts, and the first conflicting position of all is named',
    table([
      [any({ types: ['CourseRenamed'] }, { tags: ['student:s1'] }), 3],
      [any({ tags: ['student:s1'] }, { types: ['CourseDefined'], tags: ['course:c2'] }), 2],
      [any({ types: ['Nothing'] }, { tags: ['course:c9'] }), undefined],
    ]),
  ],
  [
    'empty lists of types or tags are the same as none',
    table([
      [any({ types: [], tags: ['student:s1'] }), 3],
      [any({ types: ['CourseRenamed'], tags: [] }), 5],
    ]),
  ],
  [
    'the empty query matches every event',
    async (context) => {
      await attempt(context, allEvents);
      await conflicts(() => attempt(context, allEvents), 1);
      await attempt(context, allEvents, 1);
      await conflicts(() => attempt(context, allEvents, 1), 2);
    },
  ],
  [
    'events up to and at `after` do not count, the next one does',
    async (context) => {
      await fill(context);
      const course = any({ tags: ['course:c1'] });
      await conflicts(() => attempt(context, course), 1);
      await conflicts(() => attempt(context, course, 0), 1);
      await conflicts(() => attempt(context, course, 1), 4);
      await conflicts(() => attempt(context, course, 3), 4);
      await conflicts(() => attempt(context, course, 4), 5);
      await attempt(context, course, 5);
    },
  ],
  [
    '`after` may be beyond the head: nothing can conflict',
    async (context) => {
      await fill(context);
      await attempt(context, allEvents, 1_000);
      assert.equal(await context.log.head(), 6);
    },
  ],
  [
    'without a condition nothing conflicts',
    async (context) => {
      await fill(context);
      await fill(context);
      assert.equal(await context.log.head(), 10);
    },
  ],
  [
    'the events of an append do not conflict with its own condition',
    async ({ log }) => {
      const none = { failIfEventsMatch: any({ tags: ['a:1'] }) };
      assert.deepEqual(await log.append([happened('A', ['a:1']), happened('B', ['a:1'])], none), { first: 1, last: 2 });
    },
  ],
  [
    'an append that is refused leaves none of its events behind, and the log goes on',
    async (context) => {
      await fill(context);
      const { log } = context;
      const both = [happened('X', ['x:1']), happened('Y', ['y:1'])];
      await conflicts(() => log.append(both, { failIfEventsMatch: any({ tags: ['course:c2'] }) }), 2);
      assert.deepEqual(await log.read(any({ types: ['X', 'Y'] })), []);
      assert.deepEqual(await log.append([happened('Z')]), { first: 6, last: 6 });
    },
  ],
  [
    'tags are compared whole and exactly',
    async (context) => {
      await context.log.append([happened('A', ['copy:1']), happened('A', ['Copy:2']), happened('A', ['a:b:c'])]);
      for (const tag of ['copy:', 'copy', '1', 'copy:10', 'COPY:1', 'copy:2', 'a:b', 'b:c', 'copy:1 ', '%', 'copy:_']) {
        await attempt(context, any({ tags: [tag] }));
      }
      await conflicts(() => attempt(context, any({ tags: ['a:b:c'] })), 3);
    },
  ],
  [
    'a type and a tag of the same text are different things',
    async (context) => {
      await context.log.append([happened('same', ['other:1']), happened('Other', ['same'])]);
      await conflicts(() => attempt(context, any({ tags: ['same'] })), 2);
      await conflicts(() => attempt(context, any({ types: ['same'] })), 1);
      await attempt(context, any({ types: ['other:1'] }));
    },
  ],
  [
    'versions of a type are one type',
    async (context) => {
      await context.log.append([{ ...happened('A'), version: 1 }]);
      await context.log.append([{ ...happened('A'), version: 2 }]);
      assert.deepEqual(
        (await everything(context.log)).map((event) => event.version),
        [1, 2],
      );
      await conflicts(() => attempt(context, any({ types: ['A'] }), 1), 2);
      assert.deepEqual(typesOf(await everything(context.log)), ['A', 'A']);
    },
  ],
];
