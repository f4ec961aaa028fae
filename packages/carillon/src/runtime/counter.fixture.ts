import { z } from 'zod';
import { application, command, event, integer, module, query, readModel, state, table, text } from '../index.js';

/** A small application for the tests of the runtime: counters that can be raised, up to 1,000. */
export const Raised = event('Raised', {
  data: z.object({ counter: z.string(), by: z.int() }),
  tags: (e) => ({ counter: e.counter }),
});
const value = state('counter', { initial: 0 }).on(Raised, (value, e) => value + e.by);
export const Raise = command('Raise', {
  data: z.object({ counter: z.string(), by: z.int() }),
  reads: (c) => ({ value: value(c.counter) }),
  rejections: { TooHigh: 'A counter goes to 1,000' },
  decide: ({ data, value, reject }) => (value + data.by > 1_000 ? reject('TooHigh', { value }) : Raised(data)),
});

const counters = table({
  columns: { counter: text(), value: integer(), raised: integer().default(1) },
  key: 'counter',
  search: { counter: 1 },
});
export const values = readModel('values', { tables: { counters } }).on(Raised, (e, db) => {
  const isPoisoned = (globalThis as { poisoned?: boolean }).poisoned === true || e.counter === 'always-poison';
  if (e.counter.endsWith('poison') && isPoisoned) throw new Error('poisoned');
  db.counters.update(e.counter, (row) => ({ value: row.value + e.by, raised: row.raised + 1 }), {
    counter: e.counter,
    value: e.by,
  });
});
const events = table({ columns: { position: integer(), by: integer() }, key: 'position' });
export const history = readModel('history', { tables: { events } }).on(Raised, (e, db, event) =>
  db.events.insert({ position: event.position, by: e.by }),
);
export const Value = query('Value', {
  params: z.object({ counter: z.string() }),
  from: values,
  run: async (db, p) =>
    (await db.selectFrom('counters').selectAll().where('counter', '=', p.counter).executeTakeFirst()) ?? null,
});
export const Find = query('Find', {
  params: z.object({ text: z.string(), limit: z.int().default(10) }),
  from: values,
  run: (db, p) =>
    db
      .search('counters', p.text)
      .select(['counter', 'value'])
      .orderBy('ranking.relevance', 'desc')
      .orderBy('counter')
      .limit(p.limit),
});
export const Total = query('Total', {
  params: z.object({}),
  from: history,
  run: async (db) =>
    (
      await db
        .selectFrom('events')
        .select((e) => e.fn.sum<number>('by').as('total'))
        .executeTakeFirstOrThrow()
    ).total ?? 0,
});

export default application('counter', {
  modules: [
    module('counting', {
      publishes: [Raised],
      commands: [Raise],
      readModels: [values, history],
      queries: [Value, Find, Total],
    }),
  ],
});
