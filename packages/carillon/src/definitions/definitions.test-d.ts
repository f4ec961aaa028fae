// What must be inferred, and what must not compile. Checked by the compiler alone, with `npm test`.
import type { StandardSchemaV1 } from '@standard-schema/spec';
import * as v from 'valibot';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import {
  type Application,
  application,
  boolean,
  type CommandData,
  type CommandDefinition,
  type CommandRequest,
  type CommandResult,
  type CommandsOf,
  command,
  type DataOf,
  type EventDefinition,
  event,
  integer,
  json,
  type ModuleDefinition,
  type ModuleOptions,
  module,
  type NewRow,
  processManager,
  type QueriesOf,
  type QueryParams,
  type QueryResult,
  query,
  type ReadModelDefinition,
  type RejectionCode,
  type RowOf,
  reaction,
  readModel,
  state,
  table,
  text,
} from '../index.js';

// Events, with schemas of three libraries.
const Borrowed = event('Borrowed', {
  data: z.object({ copyId: z.string(), memberId: z.string(), dueOn: z.iso.date() }),
  tags: (e) => ({ copy: e.copyId, member: e.memberId }),
});
const Returned = event('Returned', {
  data: v.object({ copyId: v.string(), late: v.optional(v.boolean()) }),
  tags: (e) => ({ copy: e.copyId }),
});
const handWritten: StandardSchemaV1<{ n: number }, { n: number }> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as { n: number } }) },
};
const Counted = event('Counted', { data: handWritten });

expectTypeOf<DataOf<typeof Borrowed>>().toEqualTypeOf<{ copyId: string; memberId: string; dueOn: string }>();
expectTypeOf<DataOf<typeof Returned>>().toEqualTypeOf<{ copyId: string; late?: boolean | undefined }>();
expectTypeOf<DataOf<typeof Counted>>().toEqualTypeOf<{ n: number }>();
expectTypeOf(Borrowed({ copyId: 'c', memberId: 'm', dueOn: 'd' }).type).toEqualTypeOf<'Borrowed'>();
// @ts-expect-error a field is missing
Borrowed({ copyId: 'c', memberId: 'm' });
// @ts-expect-error a Date does not survive JSON
event('Dated', { data: z.object({ at: z.date() }) });
// @ts-expect-error neither does a bigint
event('Big', { data: z.object({ n: z.bigint() }) });
// @ts-expect-error facts are kept as they are: a schema that transforms would be applied again when they are read
event('Transformed', { data: z.object({ n: z.string().transform(Number) }) });
// @ts-expect-error a tag holds a text or a number
event('WrongTag', { data: z.object({ on: z.boolean() }), tags: (e) => ({ on: e.on }) });

// Decision states.
const copy = state('copy', { initial: { isOut: false } })
  .on(Borrowed, () => ({ isOut: true }))
  .on(Returned, (copy, e) => (e.late === true ? copy : { isOut: false }));
const member = state('member', { initial: 0 }).on(Borrowed, (loans) => loans + 1);
const loan = state(['copy', 'member'], { initial: false }).on(Borrowed, () => true);
const total = state([], { initial: 0 }).on(Counted, (sum, e) => sum + e.n);

// @ts-expect-error Returned does not carry the tag "member"
member.on(Returned, (loans) => loans - 1);
// @ts-expect-error Counted carries no tag
copy.on(Counted, (copy) => copy);
// @ts-expect-error the fold returns another type than the state's
copy.on(Counted, () => 'out');
// @ts-expect-error a state of two tags needs both
loan({ copy: 'c' });
// @ts-expect-error a state of one tag takes its id
copy({ copy: 'c' });
// @ts-expect-error a state of no tag takes nothing
total('x');

// @ts-expect-error a state of two tags knows no others
loan({ copy: 'c', member: 'm', title: 't' });
// @ts-expect-error an id is a text or a number
copy(true);

// Commands.
const Borrow = command('Borrow', {
  data: z.object({ copyId: z.string(), memberId: z.string(), days: z.int().default(21) }),
  reads: (c) => {
    expectTypeOf(c.days).toEqualTypeOf<number>();
    return { copy: copy(c.copyId), member: member(c.memberId) };
  },
  thenReads: ({ data, copy }) => (copy.isOut ? {} : { loan: loan({ copy: data.copyId, member: data.memberId }) }),
  rejections: { AlreadyOut: 'The copy is on loan', LoanLimit: 'Too many loans' },
  decide: ({ data, copy, member, loan, reject, now, today, actor }) => {
    expectTypeOf(copy).toEqualTypeOf<{ isOut: boolean }>();
    expectTypeOf(member).toEqualTypeOf<number>();
    expectTypeOf(loan).toEqualTypeOf<boolean | undefined>();
    expectTypeOf(now).toEqualTypeOf<Date>();
    expectTypeOf(actor?.id).toEqualTypeOf<string | undefined>();
    // @ts-expect-error a code that is not declared
    reject('Nonsense');
    return copy.isOut ? reject('AlreadyOut') : Borrowed({ ...data, dueOn: today.plusDays(data.days) });
  },
});
expectTypeOf<RejectionCode<typeof Borrow>>().toEqualTypeOf<'AlreadyOut' | 'LoanLimit'>();
expectTypeOf<CommandData<typeof Borrow>>().toEqualTypeOf<{
  copyId: string;
  memberId: string;
  days?: number | undefined;
}>();
Borrow({ copyId: 'c', memberId: 'm' });
// @ts-expect-error a field has the wrong type
Borrow({ copyId: 1, memberId: 'm' });
// @ts-expect-error a field that the schema does not know
Borrow({ copyId: 'c', memberId: 'm', colour: 'red' });
command('Asynchronous', {
  data: z.object({}),
  // @ts-expect-error a decision is a pure function: it awaits nothing
  decide: async () => Counted({ n: 1 }),
});
command('Answering', {
  data: z.object({}),
  // @ts-expect-error a command returns no data
  decide: () => ({ answer: 42 }),
});
command('Undeclared', {
  data: z.object({ copyId: z.string() }),
  reads: (c) => ({ copy: copy(c.copyId) }),
  // @ts-expect-error no rejections are declared
  decide: ({ copy, reject }) => (copy.isOut ? reject('AlreadyOut') : undefined),
});
command('WrongEvent', {
  data: z.object({ copyId: z.string() }),
  // @ts-expect-error a field of the event is missing
  decide: ({ data }) => Borrowed({ ...data, dueOn: '2026-01-01' }),
});
command('Unread', {
  data: z.object({ copyId: z.string() }),
  reads: (c) => ({ copy: copy(c.copyId) }),
  // @ts-expect-error a state that it does not read
  decide: ({ member }) => (member > 0 ? undefined : undefined),
});
command('Shadowing', {
  data: z.object({ copyId: z.string() }),
  // @ts-expect-error decide is given `data` already
  reads: (c) => ({ data: copy(c.copyId) }),
  decide: () => undefined,
});

// Tables and read models.
const titles = table({
  columns: {
    titleId: text(),
    kind: text<'book' | 'film'>(),
    authors: json<string[]>(),
    year: integer().nullable(),
    isNew: boolean().default(true),
  },
  key: 'titleId',
  indexes: ['year', ['kind', 'year']],
  search: { authors: 2 },
});
const loans = table({ columns: { copyId: text(), memberId: text(), n: integer() }, key: ['copyId', 'memberId'] });
expectTypeOf<RowOf<typeof titles>>().toEqualTypeOf<{
  readonly titleId: string;
  readonly kind: 'book' | 'film';
  readonly authors: string[];
  readonly year: number | null;
  readonly isNew: boolean;
}>();
expectTypeOf<NewRow<(typeof titles)['columns']>>().toEqualTypeOf<{
  readonly titleId: string;
  readonly kind: 'book' | 'film';
  readonly authors: string[];
  readonly year?: number | null;
  readonly isNew?: boolean;
}>();
// @ts-expect-error the key names no column
table({ columns: { a: text() }, key: 'b' });
// @ts-expect-error an index names no column
table({ columns: { a: text() }, key: 'a', indexes: ['b'] });

const catalogue = readModel('catalogue', { tables: { titles, loans } })
  .on(Returned, (e, db) => {
    db.titles.insert({ titleId: e.copyId, kind: 'book', authors: [] });
    db.titles.update(e.copyId, (row) => ({ year: (row.year ?? 0) + 1 }));
    db.loans.delete({ copyId: e.copyId, memberId: 'm' });
    // @ts-expect-error no such column
    db.titles.update(e.copyId, { pages: 3 });
    // @ts-expect-error a column is missing
    db.titles.insert({ titleId: e.copyId, kind: 'book' });
    // @ts-expect-error a value of the wrong type
    db.titles.insert({ titleId: e.copyId, kind: 'song', authors: [] });
    // @ts-expect-error a key of two columns needs both
    db.loans.delete({ copyId: e.copyId });
    // @ts-expect-error a key of one column is its value
    db.titles.delete({ titleId: e.copyId });
    // @ts-expect-error no such table
    db.nothing.delete(e.copyId);
  })
  .on(Counted, (e, db) => {
    // @ts-expect-error no such field in the event
    db.titles.delete(e.copyId);
  })
  .on(Borrowed, async (e, db, recorded) => {
    expectTypeOf(recorded.position).toEqualTypeOf<number>();
    expectTypeOf(await db.titles.get(e.copyId)).toEqualTypeOf<RowOf<typeof titles> | undefined>();
  });

// Queries.
const Newest = query('Newest', {
  params: z.object({ limit: z.int().default(10) }),
  from: catalogue,
  run: (db, p) => db.search('titles', 'x').select(['titleId', 'year']).where('isNew', '=', true).limit(p.limit),
});
expectTypeOf<QueryResult<typeof Newest>>().toEqualTypeOf<{ titleId: string; year: number | null }[]>();
const Count = query('Count', {
  params: z.object({}),
  from: catalogue,
  result: z.number(),
  run: async (db) => (await db.selectFrom('loans').select('n').execute()).length,
});
expectTypeOf<QueryResult<typeof Count>>().toEqualTypeOf<number>();
expectTypeOf<QueryParams<typeof Newest>>().toEqualTypeOf<{ limit?: number | undefined }>();
Newest({});
// @ts-expect-error a parameter of the wrong type
Newest({ limit: '10' });
// @ts-expect-error a parameter that the schema does not know
Newest({ limit: 10, offset: 3 });
query('WrongColumn', {
  params: z.object({}),
  from: catalogue,
  // @ts-expect-error no such column
  run: (db) => db.selectFrom('titles').select('pages'),
});
query('Writing', {
  params: z.object({}),
  from: catalogue,
  // @ts-expect-error a query cannot write
  run: (db) => db.deleteFrom('titles'),
});
query('OtherResult', {
  params: z.object({}),
  from: catalogue,
  // @ts-expect-error the declared result is another one
  result: z.string(),
  run: async () => 7,
});

// Modules and applications.
const library = application('library', {
  modules: [
    module('circulation', { publishes: [Borrowed, Returned, Counted], commands: [Borrow] }),
    module('catalogue', { consumes: [Borrowed, Returned, Counted], readModels: [catalogue], queries: [Newest, Count] }),
  ],
});
expectTypeOf<CommandsOf<typeof library>['type']>().toEqualTypeOf<'Borrow'>();
expectTypeOf<QueriesOf<typeof library>['type']>().toEqualTypeOf<'Newest' | 'Count'>();

// Reactions and process managers.
reaction('tell', {
  on: Borrowed,
  inOrderBy: (e) => e.copyId,
  startsAt: 'now',
  run: async (e, { issue, event: recorded, signal }) => {
    expectTypeOf(e).toEqualTypeOf<{ copyId: string; memberId: string; dueOn: string }>();
    expectTypeOf(recorded.type).toEqualTypeOf<'Borrowed'>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    const result = await issue(Borrow({ copyId: e.copyId, memberId: e.memberId }));
    if (result.rejected) expectTypeOf(result.code).toEqualTypeOf<'AlreadyOut' | 'LoanLimit'>();
    // @ts-expect-error a field is missing
    await issue(Borrow({ copyId: e.copyId }));
  },
});
reaction('several', {
  on: [Borrowed, Returned],
  startsAt: 'beginning',
  run: (e, { event: recorded }) => {
    expectTypeOf(e.copyId).toEqualTypeOf<string>();
    // @ts-expect-error only one of them has it
    void e.memberId;
    if (recorded.type === 'Borrowed') expectTypeOf(recorded.data.memberId).toEqualTypeOf<string>();
  },
});
// @ts-expect-error a new reaction says where it starts
reaction('undecided', { on: Borrowed, run: () => undefined });

const overdue = processManager('overdue', {
  by: 'copy',
  initial: { reminders: 0 },
  timers: ['due', 'lost'],
  startsAt: 'beginning',
})
  .on(Borrowed, (loan, e, { setTimer, issue, key }) => {
    expectTypeOf(loan).toEqualTypeOf<{ reminders: number }>();
    setTimer('due', { days: 21 });
    issue(Borrow({ copyId: key, memberId: e.memberId }));
    // @ts-expect-error no such timer
    setTimer('never', { days: 1 });
    return { reminders: 0 };
  })
  .on(Returned, (_, __, { cancelTimer, end }) => {
    cancelTimer('due');
    end();
  })
  .onTimer('due', (loan) => ({ reminders: loan.reminders + 1 }))
  .onTimer('lost', () => undefined)
  .onRejected(Borrow, (loan, rejection) => {
    expectTypeOf(rejection.code).toEqualTypeOf<'AlreadyOut' | 'LoanLimit'>();
    return loan;
  });
// @ts-expect-error Counted does not carry the tag "copy"
overdue.on(Counted, (loan) => loan);
overdue.on(
  Returned,
  // @ts-expect-error another state than the declared one
  () => ({ reminders: 'many' }),
);
// @ts-expect-error no such timer
overdue.onTimer('never', (loan) => loan);
module('reminding', { consumes: [Borrowed, Returned], reactions: [overdue] });

// What a module may know.
const everything = { consumes: [Borrowed, Returned, Counted] } as const;
module('reading', { ...everything, readModels: [catalogue], queries: [Newest] });
// @ts-expect-error a read model handles an event that the module neither has nor consumes
module('reading', { consumes: [Borrowed, Returned], readModels: [catalogue] });
// @ts-expect-error a query asks a read model that is not the module's
module('asking', { queries: [Newest] });
// @ts-expect-error a process manager looks at an event that the module neither has nor consumes
module('reminding', { consumes: [Borrowed], reactions: [overdue] });
const listening = reaction('listening', { on: [Borrowed, Counted], startsAt: 'now', run: () => undefined });
module('listening', { events: [Counted], consumes: [Borrowed], reactions: [listening] });
// @ts-expect-error a reaction is about an event that the module neither has nor consumes
module('listening', { consumes: [Borrowed], reactions: [listening] });
// @ts-expect-error a decision folds an event that the module neither has nor consumes
module('lending', { publishes: [Borrowed], commands: [Borrow] });
module('lending', { publishes: [Borrowed], consumes: [Returned], commands: [Borrow] });
const Either = command('Either', {
  data: z.object({ id: z.string() }),
  reads: (c) => (c.id === '' ? { member: member('m') } : { copy: copy(c.id) }),
  decide: () => undefined,
});
// @ts-expect-error one of the states that it may read folds an event that the module neither has nor consumes
module('either', { publishes: [Borrowed], commands: [Either] });
module('own', {
  publishes: [Borrowed],
  // @ts-expect-error its own events are not consumed
  consumes: [Borrowed],
});
module('misspelt', {
  publishes: [Borrowed],
  // @ts-expect-error a module has no such option
  listens: [Returned],
});
module('mistaken', {
  // @ts-expect-error an event is not a command
  commands: [Borrowed],
});
// In parts that are made where the list is, everything is inferred as elsewhere.
const inPlace = module('in-place', {
  events: [Counted],
  consumes: [Returned],
  commands: [
    command('Count', {
      data: z.object({ n: z.int().default(1) }),
      reads: () => ({ total: total() }),
      rejections: { TooMany: 'That is too many' },
      decide: ({ data, total, reject }) => {
        expectTypeOf(total).toEqualTypeOf<number>();
        return total > 9 ? reject('TooMany') : Counted(data);
      },
    }),
  ],
  reactions: [
    reaction('recount', {
      on: [Counted, Returned],
      startsAt: 'now',
      run: (_, { event: recorded }) => expectTypeOf(recorded.type).toEqualTypeOf<'Counted' | 'Returned'>(),
    }),
  ],
});
expectTypeOf(inPlace).toEqualTypeOf<
  ModuleDefinition<
    CommandDefinition<'Count', { n?: number | undefined }, 'TooMany'>,
    never,
    { publishes: never; consumes: 'Returned' }
  >
>();

// What does not fit says so in words, at the part that does not fit.
type Reading = typeof module<{
  readonly consumes: readonly [typeof Borrowed];
  readonly readModels: readonly [typeof catalogue];
  readonly queries: readonly [typeof Newest];
}>;
type Misfit = Parameters<Reading>[1]['readModels'][0];
expectTypeOf<Misfit['event Counted is neither declared nor consumed by this module']>().toBeNever();
expectTypeOf<Misfit['event Returned is neither declared nor consumed by this module']>().toBeNever();
expectTypeOf<Parameters<Reading>[1]['queries'][0]>().toEqualTypeOf<typeof Newest>();
type Asking = Parameters<typeof module<{ readonly queries: readonly [typeof Newest] }>>[1];
expectTypeOf<Asking['queries'][0]['read model catalogue does not belong to this module']>().toBeNever();

// What modules may know of each other.
const counting = module('counting', { events: [Counted] });
const publishing = module('publishing', { publishes: [Counted] });
const needy = module('needy', { consumes: [Counted] });
application('whole', { modules: [publishing, needy] });
application('whole', { modules: [needy, publishing] as const });
// @ts-expect-error another module's event is private
application('peeking', { modules: [counting, needy] });
type Peeking = Parameters<typeof application<readonly [typeof counting, typeof needy]>>[1]['modules'];
expectTypeOf<Peeking[1]['event Counted is published by no module']>().toBeNever();
expectTypeOf<Peeking[0]>().toEqualTypeOf<typeof counting>();

// Every module may have commands and queries.
const two = application('two', {
  modules: [inPlace, module('lending', { publishes: [Borrowed, Returned], commands: [Borrow] })],
});
expectTypeOf<CommandsOf<typeof two>['type']>().toEqualTypeOf<'Borrow' | 'Count'>();
expectTypeOf<QueriesOf<typeof two>>().toBeNever();
expectTypeOf(two).toExtend<Application>();

// Where the compiler does not know what there is, the application looks when it is put together.
const some: readonly EventDefinition[] = [Counted];
const unsure = module('unsure', { consumes: some, readModels: [catalogue] });
application('unsure', { modules: [publishing, unsure] });
application('unsure', { modules: [counting, needy] as readonly ModuleDefinition[] });
module('unsure', { readModels: [catalogue as ReadModelDefinition<string, any>] });
const options: ModuleOptions = {};
module('unsure', options);

// One of several commands, each with rejections of its own, or without.
const Recount = command('Recount', { data: z.object({}), decide: () => undefined });
declare const execute: <Code extends string>(
  request: CommandRequest<string, any, Code>,
) => Promise<CommandResult<Code>>;
declare const isBorrowed: boolean;
const either = execute(isBorrowed ? Borrow({ copyId: 'c1', memberId: 'ada' }) : Recount({}));
expectTypeOf(either).toEqualTypeOf<Promise<CommandResult<'AlreadyOut' | 'LoanLimit'>>>();
