import { expect, it } from 'vitest';
import type { ReadModelStatus } from '../runtime/running-application.js';
import { readModelTable } from './read-model-table.js';

const status = (change: Partial<ReadModelStatus>): ReadModelStatus => ({
  ...{ name: 'catalogue', version: 1, status: 'current', position: 7, head: 7, lagEvents: 0, lagMs: 0 },
  ...{ isServing: true, failure: undefined, building: undefined },
  ...change,
});

it('shows where read models stand, with lag in events and time', () => {
  const table = readModelTable(
    [
      status({}),
      status({ name: 'a', version: 12, position: 1_000_000, lagEvents: 1, lagMs: 999 }),
      status({ name: 'b', status: 'behind', lagEvents: 12_000, lagMs: 59_940 }),
      status({ name: 'c', status: 'failed', lagEvents: 2, lagMs: 5_400_000 }),
      status({ name: 'd', status: 'failed', lagEvents: 2, lagMs: 200_000 }),
    ],
    80,
  );
  expect(table.split('\n').filter((line) => /[a-z]/.test(line))).toEqual([
    '│ read model │ version │ position │ lag          │ oldest │ status  │',
    '│ catalogue  │ 1       │ 7        │ 0 events     │ –      │ current │',
    '│ a          │ 12      │ 1000000  │ 1 event      │ 999 ms │ current │',
    '│ b          │ 1       │ 7        │ 12000 events │ 59.9 s │ behind  │',
    '│ c          │ 1       │ 7        │ 2 events     │ 2 h    │ failed  │',
    '│ d          │ 1       │ 7        │ 2 events     │ 3 min  │ failed  │',
  ]);
});

it('wraps long names to what the terminal leaves, and only there', () => {
  const long = [status({ name: 'readersWhoBorrowedThisAlsoBorrowedThat' })];
  const narrow = readModelTable(long, 80).split('\n');
  expect(Math.max(...narrow.map((line) => line.length))).toBe(80);
  expect(narrow.join('\n')).toContain('│ readersWhoBorrowedThisAls │');
  expect(narrow.join('\n')).toContain('│ oBorrowedThat             │');
  expect(readModelTable(long, undefined)).toContain('│ readersWhoBorrowedThisAlsoBorrowedThat │');
  expect(readModelTable(long, 20)).toContain('│ readersW │');
});

it('does not say of what nobody builds that it is being built', () => {
  const building = { position: 0, share: 0, remainingMs: undefined, failure: undefined };
  const table = readModelTable(
    [
      status({ name: 'a', status: 'building', isServing: false, building }),
      status({ name: 'b', status: 'building', isServing: false, building }),
      status({ name: 'c', building }),
    ],
    undefined,
    new Set(['b', 'c']),
  );
  const ends = table.split('\n').filter((line) => /│ [abc] /.test(line));
  expect(ends.map((line) => line.split('│').slice(6, 8))).toEqual([
    [' building ', ' 0 %, at 0        '],
    [' waits    ', ' 0 %, at 0, waits '],
    [' current  ', ' 0 %, at 0, waits '],
  ]);
});
