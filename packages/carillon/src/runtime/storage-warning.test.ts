import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryLeaseStore } from '../leasing/memory-lease-store.js';
import { heard, StorageWarnings } from './storage-warning.js';

let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((text) => void said.push(String(text)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('warns once of each part that is away, and once when it answers again', () => {
  const warnings = new StorageWarnings();
  for (let n = 0; n < 5; n++) {
    warnings.isAway('database', new Error('refused'));
    warnings.isAway('read database', new Error('lost'));
    warnings.failed('read-model:bells@1', new Error('refused'));
  }
  for (let n = 0; n < 5; n++) warnings.answers('database');
  warnings.answers('read database');
  expect(said).toEqual([
    'The database could not be asked, and is asked again: refused',
    'The read database could not be asked, and is asked again: lost',
    'The database answers again.',
    'The read database answers again.',
  ]);
});

it('warns of work that cannot be begun though all parts answer, and not each time', () => {
  const warnings = new StorageWarnings();
  for (let n = 0; n < 3; n++) warnings.failed('inbox:desk', new Error('no'));
  expect(said).toEqual(['The work inbox:desk could not be done, and is tried again: no']);
});

it('hears when leases could be renewed, and not when they could not', async () => {
  const leases = new MemoryLeaseStore();
  let beats = 0;
  const own = heard(leases, () => beats++);
  expect((await own.beat('a', [], 1_000)).members).toEqual(['a']);
  vi.spyOn(leases, 'beat').mockRejectedValue(new Error('away'));
  await expect(own.beat('a', [], 1_000)).rejects.toThrow('away');
  expect(beats).toBe(1);
});
