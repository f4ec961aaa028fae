/** No entry. */
export const none = -1;

/**
 * A hash table from hashes of types and tags to events, which are numbered from 0 and added in that order. It consists of
 * a few arrays of numbers: hundreds of thousands of entries are nothing to the garbage collector.
 *
 * The entries of a bucket form a chain from the newest to the oldest, across all hashes that share the bucket.
 */
export class PostingTable {
  #entryCount = 0;
  #hashes = new Uint32Array(64);
  #events = new Int32Array(64);
  #older = new Int32Array(64);
  /** For each bucket its newest entry plus 1, and the number of its entries, side by side. */
  #buckets = new Int32Array(128);
  /** For each event its first entry. */
  readonly #starts: number[] = [];

  /** Adds the next event. */
  add(hashes: readonly number[]): void {
    while (this.#entryCount + hashes.length > this.#hashes.length) this.#grow();
    const event = this.#starts.length;
    this.#starts.push(this.#entryCount);
    for (const hash of hashes) {
      const entry = this.#entryCount++;
      this.#hashes[entry] = hash;
      this.#events[entry] = event;
      this.#link(entry, hash);
    }
  }

  /** Takes out the newest event. */
  removeLast(): void {
    const start = this.#starts.pop() ?? 0;
    while (this.#entryCount > start) {
      const entry = --this.#entryCount;
      const bucket = this.#bucketOf(this.#hashes[entry] as number);
      this.#buckets[bucket] = (this.#older[entry] as number) + 1;
      this.#buckets[bucket + 1] = (this.#buckets[bucket + 1] as number) - 1;
    }
  }

  /** At least how many events have the hash: how long a walk along it is. */
  sizeOf(hash: number): number {
    return this.#buckets[this.#bucketOf(hash) + 1] as number;
  }

  /** The newest entry of a hash; `none` when there is none. */
  newest(hash: number): number {
    return this.#find(hash, (this.#buckets[this.#bucketOf(hash)] as number) - 1);
  }

  /** The next older entry of the same hash. */
  older(entry: number): number {
    return this.#find(this.#hashes[entry] as number, this.#older[entry] as number);
  }

  /** The event that an entry belongs to. */
  eventOf(entry: number): number {
    return this.#events[entry] as number;
  }

  /** Gives the hashes of an event, in the order in which they were added. */
  eachHash(event: number, visit: (hash: number) => void): void {
    const end = this.#starts[event + 1] ?? this.#entryCount;
    for (let entry = this.#starts[event] as number; entry < end; entry++) visit(this.#hashes[entry] as number);
  }

  /** Whether an event has all of the hashes. */
  hasAll(event: number, hashes: readonly number[]): boolean {
    const start = this.#starts[event] as number;
    const end = this.#starts[event + 1] ?? this.#entryCount;
    for (const hash of hashes) {
      let entry = start;
      while (entry < end && this.#hashes[entry] !== hash) entry++;
      if (entry === end) return false;
    }
    return true;
  }

  #find(hash: number, from: number): number {
    let entry = from;
    while (entry !== none && this.#hashes[entry] !== hash) entry = this.#older[entry] as number;
    return entry;
  }

  #bucketOf(hash: number): number {
    return (hash * 2) & (this.#buckets.length - 1);
  }

  #link(entry: number, hash: number): void {
    const bucket = this.#bucketOf(hash);
    this.#older[entry] = (this.#buckets[bucket] as number) - 1;
    this.#buckets[bucket] = entry + 1;
    this.#buckets[bucket + 1] = (this.#buckets[bucket + 1] as number) + 1;
  }

  #grow(): void {
    const size = this.#hashes.length * 2;
    this.#hashes = enlarged(this.#hashes, new Uint32Array(size));
    this.#events = enlarged(this.#events, new Int32Array(size));
    this.#older = new Int32Array(size);
    this.#buckets = new Int32Array(size * 2);
    for (let entry = 0; entry < this.#entryCount; entry++) this.#link(entry, this.#hashes[entry] as number);
  }
}

function enlarged<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
