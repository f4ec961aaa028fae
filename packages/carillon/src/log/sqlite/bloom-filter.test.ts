import { expect, test } from 'vitest';
import { mix32 } from '../posting-hash.js';
import { BloomFilter } from './bloom-filter.js';
import { FilterBuilder } from './filter-builder.js';

/** Different hashes, ascending. */
function hashes(count: number, salt: number): number[] {
  const set = new Set<number>();
  for (let n = 0; set.size < count; n++) set.add(mix32(n * 2 + salt));
  return [...set].sort((a, b) => a - b);
}

test.each([
  [10, 20, 0.01],
  [4_096, 20, 0.002],
  [200_000, 20, 0.002],
  [200_000, 14, 0.005],
])('of %i hashes with %i bits each it has all, and few others', (count, bitsPerHash, mostWrong) => {
  const builder = new FilterBuilder(bitsPerHash);
  const own = hashes(count, 0);
  for (const hash of own) builder.add(hash);
  const filter = new BloomFilter(builder.finish().bytes);
  expect(own.filter((hash) => !filter.mayHave(hash))).toEqual([]);
  const others = hashes(100_000, 1);
  expect(others.filter((hash) => filter.mayHave(hash)).length / others.length).toBeLessThan(mostWrong);
  expect(filter.bytes.length).toBeLessThan(((count * bitsPerHash) / 8) * 1.1 + 64);
});
