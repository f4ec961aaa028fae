import { expect, test } from 'vitest';
import { watchedFor } from './watched.js';

const separator = '\u001f';

function condition(...items: { readonly tags?: readonly string[]; readonly types?: readonly string[] }[]) {
  return { failIfEventsMatch: { items }, after: 0 };
}

test('of several tags the longest is watched, whatever the types: what has it may be a conflict', () => {
  expect(watchedFor([condition({ tags: ['shop:1', 'order:4711'], types: ['Placed'] })])).toEqual(['order:4711', '']);
});

test('where an item names no tags, all of its types are watched', () => {
  expect(watchedFor([condition({ types: ['Opened', 'Closed'] })])).toEqual(['', `Opened${separator}Closed`]);
});

test('every item of every condition is watched, each tag once', () => {
  expect(
    watchedFor([condition({ tags: ['a'] }, { types: ['T'] }), condition({ tags: ['a'] }, { tags: ['b'] })]),
  ).toEqual([`a${separator}b`, 'T']);
});

test('without conditions nothing is watched', () => {
  expect(watchedFor([])).toEqual(['', '']);
});

test('a condition that any event fails leaves no room for others', () => {
  expect(watchedFor([condition({ tags: ['a'] }), condition()])).toBeUndefined();
});

test('what separates tags on their way to PostgreSQL does not in a tag', () => {
  expect(watchedFor([condition({ tags: [`a${separator}b`] })])?.[0]).not.toContain(separator);
});
