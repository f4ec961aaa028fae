import { describe, expect, test } from 'vitest';
import {
  type AppendedOperation,
  type Operation,
  problemsOf,
  type SeenEvent,
} from '../../test-support/append-history.js';

// A history that is right, and what each of its faults looks like.
const seen: readonly SeenEvent[] = [
  { position: 1, id: 'a1', tags: [] },
  { position: 2, id: 'a2', tags: [] },
  { position: 3, id: 'b1', tags: ['x'] },
  { position: 4, id: 'a3', tags: ['x'] },
];
const first: AppendedOperation = {
  kind: 'appended',
  by: 'a',
  begun: 0,
  ended: 10,
  ids: ['a1', 'a2'],
  first: 1,
  last: 2,
};
const second: AppendedOperation = {
  kind: 'appended',
  by: 'b',
  begun: 5,
  ended: 20,
  ids: ['b1'],
  first: 3,
  last: 3,
  condition: { tag: 'x', after: 0 },
};
const refused: Operation = {
  kind: 'refused',
  by: 'a',
  begun: 11,
  ended: 21,
  condition: { tag: 'x', after: 2 },
  conflict: 3,
};
const loaded: Operation = { kind: 'loaded', by: 'a', begun: 22, ended: 23, tag: 'x', position: 3, found: [3] };
const third: AppendedOperation = {
  kind: 'appended',
  by: 'a',
  begun: 24,
  ended: 30,
  ids: ['a3'],
  first: 4,
  last: 4,
  condition: { tag: 'x', after: 3 },
};
const operations: readonly Operation[] = [third, second, refused, loaded, first];

function without(operation: Operation, ...others: Operation[]): Operation[] {
  return [...operations.filter((one) => one !== operation), ...others];
}

test('a history that is right has no problems', () => {
  expect(problemsOf(seen, operations)).toEqual([]);
  expect(problemsOf([], [])).toEqual([]);
});

describe('the reader', () => {
  test('misses an event', () => {
    expect(problemsOf(seen.slice(0, 3), operations)).toContain('Event a3 was acknowledged, and is not there.');
    expect(problemsOf([...seen.slice(0, 2), seen[3]!], operations)).toContain(
      'The reader got position 4 where 3 belongs.',
    );
  });

  test('gets events in another order', () => {
    expect(problemsOf([seen[1]!, seen[0]!, seen[2]!, seen[3]!], operations)).toContain(
      'The reader got position 2 where 1 belongs.',
    );
  });

  test('gets an event twice', () => {
    expect(problemsOf([...seen, seen[3]!], operations)).toContain('1 events are there twice.');
    expect(problemsOf([...seen, { ...seen[3]!, position: 5 }], operations)).toContain('1 events are there twice.');
  });

  test('gets an event that nobody has appended', () => {
    expect(problemsOf([...seen, { position: 5, id: 'z', tags: [] }], operations)).toEqual(['Nobody appended z, at 5.']);
  });
});

describe('an append', () => {
  test('is elsewhere than it was said to be', () => {
    const moved = { ...first, first: 2, last: 3 };
    expect(problemsOf(seen, without(first, moved))).toContain('a appended a1, a2 at 2 to 3; there are a2, b1.');
    const longer = { ...first, last: 3 };
    expect(problemsOf(seen, without(first, longer))).toContain('a appended a1, a2 at 1 to 3; there are a1, a2.');
  });

  test('came behind an event that its condition forbids', () => {
    const blind = { ...third, condition: { tag: 'x', after: 2 } };
    expect(problemsOf(seen, without(third, blind))).toEqual([
      'a appended at 4 unless x was beyond 2, and it was at 3.',
    ]);
  });

  test('was over before what has an earlier position began', () => {
    const late = { ...second, begun: 31, ended: 32 };
    expect(problemsOf(seen, without(second, late))).toContain(
      'a had appended at 4 before something at an earlier position began.',
    );
  });
});

describe('a refusal', () => {
  test('has no reason', () => {
    const groundless = { ...refused, conflict: 2 };
    expect(problemsOf(seen, without(refused, groundless))).toEqual([
      'a was refused because of x at 2, beyond 2: it is not there.',
    ]);
    const seenBefore = { ...refused, condition: { tag: 'x', after: 3 } };
    expect(problemsOf(seen, without(refused, seenBefore))).toHaveLength(1);
  });

  test('is because of what was appended later', () => {
    const early = { ...refused, begun: 1, ended: 2 };
    expect(problemsOf(seen, without(refused, early))).toEqual([
      'a was refused because of 3, which was appended later.',
    ]);
  });
});

describe('what was loaded', () => {
  test('lacks an event, or has one too many', () => {
    expect(problemsOf(seen, without(loaded, { ...loaded, found: [] }))).toEqual(['a found x up to 3 at ; it is at 3.']);
    expect(problemsOf(seen, without(loaded, { ...loaded, found: [3, 4] }))).toHaveLength(1);
  });

  test('has an event that is appended only later', () => {
    const early = { ...loaded, begun: 11, ended: 23, position: 4, found: [3, 4] };
    expect(problemsOf(seen, without(loaded, early))).toEqual(['a found x at 4 before it was appended.']);
  });

  test('is less than the process itself knew', () => {
    const stale = { ...loaded, position: 1, found: [] };
    expect(problemsOf(seen, without(loaded, stale))).toEqual(['a loaded up to 1 and knew 2 before.']);
  });
});
