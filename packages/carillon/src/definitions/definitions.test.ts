import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  application,
  command,
  DefinitionError,
  event,
  integer,
  json,
  module,
  processManager,
  query,
  reaction,
  readModel,
  real,
  type Schema,
  state,
  table,
  text,
  ValidationError,
} from '../index.js';
import type { EventDefinition } from './event.js';
import type { ModuleDefinition } from './module.js';
import type { QueryDefinition } from './query.js';
import type { ReadModelDefinition } from './read-model.js';
import { calendar } from './today.js';

const Point = event('Point', {
  data: z.object({ x: z.int(), y: z.int().optional() }),
  tags: (e) => ({ x: e.x, y: e.y }),
});
const things = table({ columns: { id: text() }, key: 'id' });
const stray = readModel('stray', { tables: { things } });
const asking = { params: z.object({}), from: stray, run: () => 1 };

function issuesOf(work: () => unknown): readonly unknown[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ValidationError) return error.issues.map((issue) => issue.path);
    throw error;
  }
  return [];
}

describe('an event', () => {
  it('carries its type, version, data and tags', () => {
    expect(Point({ x: 1, y: 2 })).toEqual({ type: 'Point', version: 1, data: { x: 1, y: 2 }, tags: ['x:1', 'y:2'] });
  });

  it('leaves out tags without a value, and writes lists and duplicates once each', () => {
    expect(Point({ x: 1 }).tags).toEqual(['x:1']);
    const Met = event('Met', {
      data: z.object({ who: z.array(z.string()) }),
      tags: (e) => ({ member: e.who, none: null }),
    });
    expect(Met({ who: ['ada', 'b:c', 'ada', ''] }).tags).toEqual(['member:ada', 'member:b:c', 'member:']);
  });

  it('names every wrong field, with zod and valibot alike', () => {
    const data = { lines: [{ quantity: 1 }, { quantity: 'x' }], 'a/b~c': 1 };
    const zod = event('Z', {
      data: z.object({ lines: z.array(z.object({ quantity: z.number() })), 'a/b~c': z.string() }),
    });
    const valibot = event('V', {
      data: v.object({ lines: v.array(v.object({ quantity: v.number() })), 'a/b~c': v.string() }),
    });
    for (const definition of [zod, valibot]) {
      expect(issuesOf(() => definition(data as never))).toEqual(['/lines/1/quantity', '/a~1b~0c']);
    }
  });

  it('names wrong fields of a schema written by hand, whose paths are plain or wrapped', () => {
    const validate = (value: unknown) =>
      (value as { ok: boolean }).ok
        ? { value: value as { ok: boolean } }
        : { issues: [{ message: 'no', path: ['a', { key: 0 }] }, { message: 'not at all' }] };
    const Manual = event('Manual', {
      data: { '~standard': { version: 1, vendor: 'test', validate } } satisfies Schema<{ ok: boolean }>,
    });
    expect(Manual({ ok: true }).data).toEqual({ ok: true });
    expect(issuesOf(() => Manual({ ok: false }))).toEqual(['/a/0', '']);
    expect(() => Manual({ ok: false })).toThrow(
      'The data of event Manual does not fit its schema:\n  /a/0: no\n  (the whole value): not at all',
    );
  });

  it('refuses tags that are no ids', () => {
    const Loose = event('Loose', { data: z.object({ x: z.any() }), tags: (e) => ({ x: e.x }) });
    expect(Loose({ x: 1 }).tags).toEqual(['x:1']);
    expect(() => Loose({ x: true })).toThrow('The tag "x" is given true; a tag\'s value is a text or a number.');
    expect(() => Loose({ x: { id: 1 } })).toThrow('The tag "x" is given an object');
    expect(() => Loose({ x: [1, Number.NaN] })).toThrow('The tag "x" is given NaN');
  });

  it('refuses schemas that need time', () => {
    const Slow = event('Slow', {
      data: v.pipeAsync(
        v.object({}),
        v.checkAsync(async () => true),
      ) as unknown as Schema<object>,
    });
    expect(() => Slow({})).toThrow(/asynchronous/);
  });

  it('refuses tags that are too many or too long, as the data that led to them', () => {
    const Long = event('Long', { data: z.object({ ids: z.array(z.string()) }), tags: (e) => ({ id: e.ids }) });
    expect(() => Long({ ids: ['x'.repeat(600)] })).toThrow(/has 600 characters/);
    expect(() => Long({ ids: Array.from({ length: 65 }, (_, i) => `${i}`) })).toThrow(/65 tags; at most 64/);
  });
});

it.each([
  ['a name', () => event('has space', { data: z.object({}) })],
  ['a version', () => command('A', { version: 0, data: z.object({}), decide: () => undefined })],
  ['a tag name', () => state('with:colon', { initial: 0 })],
  ['a reserved tag name', () => state('carillon.command', { initial: 0 })],
  [
    'an event handled twice',
    () =>
      state('x', { initial: 0 })
        .on(Point, (n) => n)
        .on(Point, (n) => n),
  ],
  ['a state that handles nothing', () => state([], { initial: 0 })()],
  ['a read model without tables', () => readModel('r', { tables: {} })],
  ['a table name', () => readModel('r', { tables: { 'drop table': things } })],
  ['a column name', () => table({ columns: { 'a b': text() }, key: 'a b' })],
  ['a column of PostgreSQL', () => table({ columns: { id: text(), xmin: integer() }, key: 'id' })],
  ['a column that no object can have', () => table({ columns: { id: text(), ['__proto__']: text() }, key: 'id' })],
  [
    'a searched table that is called like what a search joins',
    () => readModel('r', { tables: { ranking: table({ columns: { id: text() }, key: 'id', search: { id: 1 } }) } }),
  ],
  ['a nullable key', () => table({ columns: { a: text().nullable() }, key: 'a' })],
  ['a key of floating point numbers', () => table({ columns: { a: real() }, key: 'a' })],
  ['a search of numbers', () => table({ columns: { a: text(), n: integer() }, key: 'a', search: { n: 1 } })],
  ['a search weight', () => table({ columns: { a: text(), j: json() }, key: 'a', search: { j: 0 } })],
  ['an event without a schema', () => event('E', {} as never)],
  ['a command without a schema', () => command('C', { decide: () => undefined } as never)],
  ['a query whose result is no schema', () => query('Q', { ...asking, result: { type: 'number' } as never })],
  ['a command without a decision', () => command('C', { data: z.object({}) } as never)],
  ['an event that a read model handles twice', () => stray.on(Point, () => undefined).on(Point, () => undefined)],
])('refuses a definition with unusable parts: %s', (_, define) => {
  expect(define).toThrow(DefinitionError);
});

it('says which schema is none, and what would be one', () => {
  expect(() => event('Sold', { data: { price: 'number' } } as never)).toThrow(
    'The `data` of event Sold is no schema. Use a library that implements Standard Schema: zod from 3.24',
  );
});

describe('a decision state', () => {
  const one = state('x', { initial: 0 }).on(Point, (n) => n + 1);
  const both = state(['x', 'y'], { initial: 0 }).on(Point, (n) => n + 1);

  it('is about one id, several, or none', () => {
    expect(one(7)).toMatchObject({ tags: ['x:7'], types: ['Point'] });
    expect(both({ y: 'b', x: 'a' }).tags).toEqual(['x:a', 'y:b']);
    expect(state([], { initial: 0 }).on(Point, (n) => n)()).toMatchObject({ tags: [], types: ['Point'] });
  });

  it.each([
    ['an object for an id', () => one({ x: 1 } as never), 'The tag "x" is given an object'],
    ['null', () => one(null as never), 'The tag "x" is given null'],
    ['a number that is none', () => one(Number.NaN), 'The tag "x" is given NaN'],
    ['nothing', () => one(undefined as never), 'A state needs a value for the tag "x"'],
    ['nothing for several', () => both(undefined as never), 'A state needs a value for the tag "x"'],
    ['one of two', () => both({ x: 1 } as never), 'A state needs a value for the tag "y"'],
  ])('refuses %s, which would be about nothing', (_, refer, message) => {
    expect(refer).toThrow(DefinitionError);
    expect(refer).toThrow(message);
  });

  it('stays as it is when another event is handled', () => {
    const more = one.on(event('Moved', { data: z.object({ x: z.int() }), tags: (e) => ({ x: e.x }) }), (n) => n + 2);
    expect([one(1).types, more(1).types]).toEqual([['Point'], ['Point', 'Moved']]);
  });
});

it('names everything that does not fit in an application at once', () => {
  const Other = event('Other', { data: z.object({}) });
  const other = stray.on(Other, () => undefined);
  const Ask = query('Ask', { ...asking, from: other });
  const define = () =>
    application('everything', {
      timeZone: 'Mars/Olympus',
      modules: [
        // The compiler would have said so.
        module('one', { publishes: [Point], readModels: [other as ReadModelDefinition<string, any>] }),
        module('two', { events: [Point], consumes: [Other], queries: [Ask as QueryDefinition] }),
        module('two', {}),
      ] as ModuleDefinition[],
    });
  expect(define).toThrow(DefinitionError);
  for (const problem of [
    '"Mars/Olympus" is not an IANA time zone',
    'event Point is declared twice: in one and in two',
    'module two is declared twice',
    'read model stray of module one is about Other, which one neither has nor consumes',
    'module two consumes Other, which no other module publishes',
    'query Ask reads from stray, which is not a read model of module two',
  ]) {
    expect(define).toThrow(problem);
  }
});

it('a module sees what it consumes, which others must publish', () => {
  const Secret = event('Secret', { data: z.object({}) });
  const spy = readModel('spy', { tables: { things } }).on(Secret, () => undefined);
  const reader = module('reader', { consumes: [Secret], readModels: [spy] });
  const keeper = module('keeper', { events: [Secret] });
  // The compiler would have said so.
  const apart: readonly ModuleDefinition[] = [keeper, reader];
  expect(() => application('a', { modules: apart })).toThrow(
    'module reader consumes Secret, which no other module publishes',
  );
  const own: readonly EventDefinition[] = [Secret];
  expect(() => application('a', { modules: [module('own', { publishes: [Secret], consumes: own })] })).toThrow(
    'module own consumes Secret, which no other module publishes',
  );
  const together = application('a', { modules: [module('owner', { publishes: [Secret] }), reader] });
  expect([...together.readModels.keys()]).toEqual(['spy']);
});

it('an application knows which module an event, a command and a reaction belong to', () => {
  const Hidden = event('Hidden', { data: z.object({}), tags: () => ({ x: 1 }) });
  const Hide = command('Hide', { data: z.object({}), decide: () => Hidden({}) });
  const hiding = processManager('hiding', { by: 'x', initial: 0, startsAt: 'now' })
    .on(Point, () => undefined)
    .onRejected(Hide, () => undefined);
  const looking = reaction('looking', { on: Hidden, startsAt: 'now', run: () => undefined });
  const house = module('house', {
    events: [Hidden],
    consumes: [Point],
    commands: [Hide],
    reactions: [hiding, looking],
  });
  const { owners } = application('a', { modules: [module('points', { publishes: [Point] }), house] });
  expect([...owners.events]).toEqual([
    ['Point', 'points'],
    ['Hidden', 'house'],
  ]);
  expect([...owners.commands]).toEqual([['Hide', 'house']]);
  expect([...owners.reactions]).toEqual([
    ['hiding', 'house'],
    ['looking', 'house'],
  ]);
  const elsewhere = module('elsewhere', { consumes: [Point], reactions: [hiding] });
  expect(() => application('a', { modules: [module('points', { publishes: [Point] }), elsewhere] })).toThrow(
    'process manager hiding waits for rejections of Hide, which is not a command of module elsewhere',
  );
});

describe('today', () => {
  it('is the date in the time zone', () => {
    const instant = new Date('2026-03-01T23:30:00Z');
    expect(calendar('UTC')(instant).iso).toBe('2026-03-01');
    expect(calendar('Europe/Berlin')(instant).iso).toBe('2026-03-02');
    expect(calendar('America/Los_Angeles')(instant).iso).toBe('2026-03-01');
  });

  it('counts days over months, leap years and backwards', () => {
    const at = (iso: string) => calendar('UTC')(new Date(`${iso}T12:00:00Z`));
    expect(at('2028-02-28').plusDays(1)).toBe('2028-02-29');
    expect(at('2026-12-31').plusDays(1)).toBe('2027-01-01');
    expect(at('2026-03-01').plusDays(-1)).toBe('2026-02-28');
    expect(`${at('2026-03-01')}`).toBe('2026-03-01');
  });
});
