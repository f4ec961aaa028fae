/** Collects postings in any order, and sorts them. */
export class PostingBuffer {
  /** Offset, hash, offset, hash, …: as a number of 64 bits the hash is the upper half, and the machine sorts it natively. */
  #pairs = new Uint32Array(1 << 16);
  #count = 0;

  add(hash: number, offset: number): void {
    const at = this.#count * 2;
    if (at === this.#pairs.length) {
      const larger = new Uint32Array(this.#pairs.length * 2);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[at] = offset;
    this.#pairs[at + 1] = hash;
    this.#count++;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Calls `each` with every posting, sorted by hash, then offset. */
  forEachSorted(each: (hash: number, offset: number) => void): void {
    new BigUint64Array(this.#pairs.buffer, 0, this.#count).sort();
    const pairs = this.#pairs;
    for (let i = 0; i < this.#count * 2; i += 2) each(pairs[i + 1] as number, pairs[i] as number);
  }
}
