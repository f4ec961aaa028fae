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
  query,
  readModel,
  real,
  type Schema,
  state,
  table,
  text,
  ValidationError,
} from '../index.js';
import { calendar } from './today.js';

const Point = event('Point', {
  data: z.object({ x: z.int(), y: z.int().optional() }),
  tags: (e) => ({ x: e.x, y: e.y }),
});
const things = table({ columns: { id: text() }, key: 'id' });

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
  ['a nullable key', () => table({ columns: { a: text().nullable() }, key: 'a' })],
  ['a key of floating point numbers', () => table({ columns: { a: real() }, key: 'a' })],
  ['a search of numbers', () => table({ columns: { a: text(), n: integer() }, key: 'a', search: { n: 1 } })],
  ['a search weight', () => table({ columns: { a: text(), j: json() }, key: 'a', search: { j: 0 } })],
])('refuses a definition with unusable parts: %s', (_, define) => {
  expect(define).toThrow(DefinitionError);
});

it('names everything that does not fit in an application at once', () => {
  const Other = event('Other', { data: z.object({}) });
  const stray = readModel('stray', { tables: { things } }).on(Other, () => undefined);
  const Ask = query('Ask', { params: z.object({}), from: stray, run: () => 1 });
  const define = () =>
    application('everything', {
      timeZone: 'Mars/Olympus',
      modules: [
        module('one', { publishes: [Point], readModels: [stray] }),
        module('two', { events: [Point], queries: [Ask] }),
        module('two', {}),
      ],
    });
  expect(define).toThrow(DefinitionError);
  for (const problem of [
    '"Mars/Olympus" is not an IANA time zone',
    'event Point is declared twice: in one and in two',
    'module two is declared twice',
    'read model stray of module one handles Other, which no module publishes',
    'query Ask reads from stray, which is not a read model of module two',
  ]) {
    expect(define).toThrow(problem);
  }
});

it('a module sees the published events of others, and not their own', () => {
  const Secret = event('Secret', { data: z.object({}) });
  const spy = readModel('spy', { tables: { things } }).on(Secret, () => undefined);
  const reader = module('reader', { readModels: [spy] });
  expect(() => application('a', { modules: [module('owner', { events: [Secret] }), reader] })).toThrow(
    'handles Secret',
  );
  expect(application('a', { modules: [module('owner', { publishes: [Secret] }), reader] }).readModels.has('spy')).toBe(
    true,
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
