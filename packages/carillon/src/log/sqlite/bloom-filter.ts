import { mix32 } from '../posting-hash.js';

/** With these two, one in a thousand lookups of what is not there has to look further. */
const bitsPerHash = 14;
const probes = 8;

/** Says of a hash that it is certainly not among those it was made from, or that it may be. */
export class BloomFilter {
  readonly bytes: Uint8Array;
  readonly #bits: number;

  /** @param bytes what another filter's `bytes` held */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#bits = bytes.length * 8;
  }

  /** @param count how many hashes will be added */
  static forCount(count: number): BloomFilter {
    return new BloomFilter(new Uint8Array(Math.max(8, Math.ceil((count * bitsPerHash) / 8))));
  }

  add(hash: number): void {
    const step = stepOf(hash);
    for (let i = 0, probe = hash; i < probes; i++, probe = (probe + step) >>> 0) {
      const bit = probe % this.#bits;
      this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }

  mayHave(hash: number): boolean {
    const step = stepOf(hash);
    for (let i = 0, probe = hash; i < probes; i++, probe = (probe + step) >>> 0) {
      const bit = probe % this.#bits;
      if (((this.bytes[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }
}

function stepOf(hash: number): number {
  return mix32(hash ^ 0x9e3779b9) | 1;
}
