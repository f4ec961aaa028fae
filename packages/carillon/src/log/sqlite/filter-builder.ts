import { BloomFilter } from './bloom-filter.js';

/** After so many hashes it is known well enough how many there will be. */
const sampleSize = 4_096;

/**
 * Makes a filter of hashes that come in ascending order, without holding all of them: they are spread evenly, so that
 * the first few thousand tell how many there are.
 */
export class FilterBuilder {
  readonly #bitsPerHash: number;
  #sample: number[] = [];
  #filter: BloomFilter | undefined;

  constructor(bitsPerHash: number) {
    this.#bitsPerHash = bitsPerHash;
  }

  /** Adds the next higher hash. */
  add(hash: number): void {
    if (this.#filter !== undefined) {
      this.#filter.add(hash);
    } else {
      this.#sample.push(hash);
      if (this.#sample.length === sampleSize) this.#begin((sampleSize / (hash + 1)) * 2 ** 32);
    }
  }

  finish(): BloomFilter {
    return this.#filter ?? this.#begin(this.#sample.length);
  }

  #begin(count: number): BloomFilter {
    const filter = BloomFilter.forCount(count, this.#bitsPerHash);
    for (const hash of this.#sample) filter.add(hash);
    this.#sample = [];
    this.#filter = filter;
    return filter;
  }
}
