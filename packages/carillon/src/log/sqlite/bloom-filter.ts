import { mix32 } from '../posting-hash.js';

/** A hash sets so many bits, all in one block: a lookup touches one line of the processor's cache. */
const probes = 6;
const blockBits = 512;
const blockBytes = blockBits / 8;

/**
 * Says of a hash that it is certainly not among those it was made from, or that it may be: with 20 bits a hash it is wrong once in a
 * thousand times, with 14 three times as often.
 */
export class BloomFilter {
  readonly bytes: Uint8Array;
  readonly #blocks: number;

  /** @param bytes what another filter's `bytes` held */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#blocks = bytes.length / blockBytes;
  }

  /** @param count how many hashes will be added, roughly */
  static forCount(count: number, bitsPerHash: number): BloomFilter {
    return new BloomFilter(new Uint8Array(Math.max(1, Math.ceil((count * bitsPerHash) / blockBits)) * blockBytes));
  }

  add(hash: number): void {
    const begin = this.#blockOf(hash);
    let probe = mix32(hash ^ 0x9e3779b9);
    const step = (probe >>> 16) | 1;
    for (let i = 0; i < probes; i++, probe += step) {
      const at = begin + ((probe & (blockBits - 1)) >>> 3);
      this.bytes[at] = (this.bytes[at] as number) | (1 << (probe & 7));
    }
  }

  mayHave(hash: number): boolean {
    const begin = this.#blockOf(hash);
    let probe = mix32(hash ^ 0x9e3779b9);
    const step = (probe >>> 16) | 1;
    for (let i = 0; i < probes; i++, probe += step) {
      const at = begin + ((probe & (blockBits - 1)) >>> 3);
      if (((this.bytes[at] as number) & (1 << (probe & 7))) === 0) return false;
    }
    return true;
  }

  /** Neighbouring hashes share a block, so that adding them in order goes through memory in order. */
  #blockOf(hash: number): number {
    return Math.floor((hash / 2 ** 32) * this.#blocks) * blockBytes;
  }
}
