import assert from 'node:assert/strict';
import type { NewEvent } from '../definitions/event.js';
import { InvalidEventError } from '../log/log-errors.js';
import { conflicts, rejects } from './expectations.js';
import type { CaseList } from './log-case.js';
import { any, everything, happened, oneTo, positionsOf } from './sample-events.js';

/** JSON in every shape that has gone wrong somewhere. */
const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.1,
  1e-300,
  1.7976931348623157e308,
  5e-324,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  '',
  ' ',
  'null',
  '{"a":1}',
  'it\'s "quoted" \\ and \\\\ back',
  'line\nbreak\r\n\ttab \u0000 nul \u001f \u2028 \u2029',
  'Ünïcödé, 日本語, العربية, 🙂👩‍👩‍👧‍👦, e\u0301',
  'x'.repeat(100_000),
  [],
  {},
  [[], [[]], {}],
  [null, [null], { a: null }],
  { a: { b: { c: { d: [1, 2, { e: 'f' }] } } } },
  { '': 'empty name', ' ': 1, 'with "quotes"': 2, 'ключ 🙂': 3, '1': 4, constructor: 5, toString: 6 },
  JSON.parse('{"__proto__": {"polluted": true}, "a": 1}'),
  oneTo(1_000),
];

const tags = [
  'copy:17',
  'a:b:c',
  ':',
  'url:https://example.org/?a=1&b=%20#x',
  `quote:'"\``,
  'back\\slash:\\',
  'percent:%_*?',
  'white: space\t\n',
  'nul:\u0000x',
  'emoji:🙂👩‍👩‍👧‍👦',
  'accents:e\u0301 is not \u00e9',
  'json:["a","b"]',
  "sql:'); DROP TABLE events; --",
  `${'long:'}${'x'.repeat(500)}`,
];

export const dataCases: CaseList = [
  [
    'every JSON value comes back as it was, as data and in metadata',
    async ({ log }) => {
      for (const [n, value] of values.entries()) {
        await log.append([
          { type: 'Value', version: 1, data: value, tags: [], metadata: { n, value: value as never } },
        ]);
      }
      for (const [n, event] of (await everything(log)).entries()) {
        assert.deepEqual(event.data, values[n]);
        assert.deepEqual(event.metadata, { n, value: values[n] });
      }
      const [polluted] = (await everything(log)).filter((event) => Object.hasOwn(Object(event.data), '__proto__'));
      assert.ok(polluted !== undefined, 'a property named __proto__ is data like any other');
      assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    },
  ],
  [
    'what JSON writes differently is stored as JSON writes it',
    async ({ log }) => {
      await log.append([
        happened('A', [], { left: undefined, date: new Date(0), list: [undefined], nan: Number.NaN, minusZero: -0 }),
      ]);
      assert.deepEqual((await everything(log))[0]?.data, {
        date: '1970-01-01T00:00:00.000Z',
        list: [null],
        nan: null,
        minusZero: 0,
      });
    },
  ],
  [
    'any text can be a tag, and finds what was tagged with it and nothing else',
    async ({ log }) => {
      await log.append(tags.map((tag, n) => happened('Tagged', [tag, 'every:1'], { n })));
      for (const [n, tag] of tags.entries()) {
        const found = await log.read(any({ tags: [tag] }));
        assert.deepEqual(positionsOf(found), [n + 1], tag);
        assert.deepEqual(found[0]?.tags, [tag, 'every:1']);
        await conflicts(() => log.append([happened('X')], { failIfEventsMatch: any({ tags: [tag] }) }), n + 1);
      }
      assert.deepEqual(positionsOf(await log.read(any({ tags: ['every:1'] }))), oneTo(tags.length));
      assert.deepEqual(await log.read(any({ tags: ['accents:\u00e9 is not \u00e9'] })), []);
    },
  ],
  [
    'any text can be a type or an id',
    async ({ log }) => {
      const texts = [
        'type with spaces',
        'Ünïcödé 🙂',
        `'; --`,
        '["a"]',
        'a:b',
        'ID-1',
        '0192D0A1-7C5E-7B1A-9F3E-0123456789AB',
      ];
      await log.append(texts.map((text) => ({ ...happened(text), id: text })));
      for (const [n, text] of texts.entries()) {
        const found = await log.read(any({ types: [text] }));
        assert.deepEqual(positionsOf(found), [n + 1], text);
        assert.equal(found[0]?.id, text);
      }
    },
  ],
  [
    'events of nearly the largest size come back whole',
    async ({ log }) => {
      const large = ['x'.repeat(1_000_000), '🙂'.repeat(250_000), '\u0000'.repeat(170_000)];
      await log.append(large.map((text) => happened('Large', ['large:1'], { text })));
      const read = await log.read(any({ tags: ['large:1'] }));
      assert.ok(read.every((event, n) => (event.data as { text: string }).text === large[n]));
      assert.equal(read.length, 3);
    },
  ],
  [
    'what is no event, or has no JSON form, is refused, and takes its whole append along',
    async ({ log }) => {
      const circular: { self?: unknown } = {};
      circular.self = circular;
      const wrong: readonly unknown[] = [
        { ...happened('A'), data: undefined },
        { ...happened('A'), data: () => 1 },
        { ...happened('A'), data: { big: 1n } },
        { ...happened('A'), data: circular },
        { ...happened('A'), metadata: circular },
        { ...happened('A'), type: '' },
        { ...happened('A'), type: 7 },
        { ...happened('A'), type: 'half a character: \ud800' },
        { ...happened('A'), type: 'x'.repeat(10_000) },
        { ...happened('A'), version: 0 },
        { ...happened('A'), version: 1.5 },
        { ...happened('A'), version: 2_147_483_648 },
        { ...happened('A'), version: '1' },
        { ...happened('A'), tags: 'a:1' },
        { ...happened('A'), tags: [''] },
        { ...happened('A'), tags: [7] },
        { ...happened('A'), tags: ['a:1', 'a:1'] },
        { ...happened('A'), tags: ['half:\udc00'] },
        { ...happened('A'), tags: [`long:${'x'.repeat(10_000)}`] },
        { ...happened('A'), id: '' },
        { ...happened('A'), id: 7 },
      ];
      for (const event of wrong as NewEvent[])
        await rejects(() => log.append([happened('Fine'), event]), InvalidEventError);
      assert.equal(await log.head(), 0);
      assert.deepEqual(await log.append([happened('Fine')]), { first: 1, last: 1 });
    },
  ],
];
