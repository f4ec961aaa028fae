import { expect, it } from 'vitest';
import type { RecordedEvent } from '../definitions/event.js';
import { eventLine, eventTable } from './event-table.js';
import { fitText, padText } from './fit-text.js';

const event = (type: string, data: unknown, position = 1): RecordedEvent => ({
  ...{ type, data, position, version: 1, tags: ['a:1'], id: 'e1', metadata: { by: 'ada' } },
  recordedAt: new Date('2026-03-01T10:11:12.345Z'),
});

it('is as wide as the terminal, with a head above the first page only', () => {
  const table = eventTable(80);
  expect(table([event('CopyBorrowed', { copyId: 'c1', memberId: 'ada' }), event('CopyReturned', {}, 12)], true)).toBe(
    [
      '  position  recorded (UTC)       type                      data',
      '         1  2026-03-01 10:11:12  CopyBorrowed              {"copyId":"c1","memb…',
      '        12  2026-03-01 10:11:12  CopyReturned              {}',
    ].join('\n'),
  );
  expect(table([event('CopyReturned', {}, 13)], false)).toBe(
    '        13  2026-03-01 10:11:12  CopyReturned              {}',
  );
  expect(eventTable(120)([event('A', { text: 'x'.repeat(200) })], false)).toHaveLength(120);
});

it('cuts nothing where there is no terminal', () => {
  const type = 'AnEventOfWhichMuchIsSaidInItsName';
  expect(eventTable(undefined)([event(type, { text: 'x'.repeat(200) })], false)).toBe(
    `         1  2026-03-01 10:11:12  ${type}  {"text":"${'x'.repeat(200)}"}`,
  );
});

it.each([
  ['a terminal', 120],
  ['no terminal', undefined],
])('begins all data in one column, however long a type is: %s', (_, width) => {
  const table = eventTable(width);
  const long = 'carillon:reaction-advanced';
  const lines = table([event('A', { n: 1 }), event(long, { n: 2 })], true).split('\n');
  expect(lines[2]).toContain(`  ${long}  {"n":2}`);
  const column = lines[2]!.indexOf('{');
  expect([lines[0]!.indexOf('data'), lines[1]!.indexOf('{')]).toEqual([column, column]);
  expect(table([event('B', {})], false).indexOf('{')).toBe(column);
});

it('leaves half of a line to the data', () => {
  const line = eventTable(100)([event('T'.repeat(60), { text: 'x'.repeat(60) })], false);
  expect(line).toBe(`         1  2026-03-01 10:11:12  ${'T'.repeat(31)}…  {"text":"${'x'.repeat(23)}…`);
});

it('shows whole events as JSON, one a line', () => {
  expect(
    eventLine([event('A', { n: 1 }), event('B', null, 2)])
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { ...event('A', { n: 1 }), recordedAt: '2026-03-01T10:11:12.345Z' },
    { ...event('B', null, 2), recordedAt: '2026-03-01T10:11:12.345Z' },
  ]);
});

it.each([
  ['fits', 4, 'fits'],
  ['is cut', 4, 'is …'],
  ['日本語', 6, '日本語'],
  ['日本語の本', 6, '日本…'],
  ['日本語', 5, '日本…'],
  ['👩‍👩‍👧 family', 5, '👩‍👩‍👧 f…'],
  ['e\u0301a', 2, 'e\u0301a'],
  ['clear\u001b[2J', 20, 'clear [2J'],
  ['turned \u202eround', 20, 'turned  round'],
  ['', 3, ''],
])('%s in %i columns', (text, width, expected) => {
  expect(fitText(text, width)).toBe(expected);
});

it('fills up by what a terminal shows, not by code units', () => {
  expect(padText('日本', 6)).toBe('日本  ');
  expect(padText('cut here', 4)).toBe('cut…');
});
