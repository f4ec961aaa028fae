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
  /** For each bucket the newest entry plus 1, and the number of its entries. */
  #newest = new Int32Array(64);
  #sizes = new Int32Array(64);
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
      this.#newest[bucket] = (this.#older[entry] as number) + 1;
      this.#sizes[bucket] = (this.#sizes[bucket] as number) - 1;
    }
  }

  /** At least how many events have the hash: how long a walk along it is. */
  sizeOf(hash: number): number {
    return this.#sizes[this.#bucketOf(hash)] as number;
  }

  /** The newest entry of a hash; `none` when there is none. */
  newest(hash: number): number {
    return this.#find(hash, (this.#newest[this.#bucketOf(hash)] as number) - 1);
  }

  /** The next older entry of the same hash. */
  older(entry: number): number {
    return this.#find(this.#hashes[entry] as number, this.#older[entry] as number);
  }

  /** The event that an entry belongs to. */
  eventOf(entry: number): number {
    return this.#events[entry] as number;
  }

  /** Whether an event has the hash. */
  has(event: number, hash: number): boolean {
    const end = this.#starts[event + 1] ?? this.#entryCount;
    for (let entry = this.#starts[event] as number; entry < end; entry++) if (this.#hashes[entry] === hash) return true;
    return false;
  }

  #find(hash: number, from: number): number {
    let entry = from;
    while (entry !== none && this.#hashes[entry] !== hash) entry = this.#older[entry] as number;
    return entry;
  }

  #bucketOf(hash: number): number {
    return hash & (this.#newest.length - 1);
  }

  #link(entry: number, hash: number): void {
    const bucket = this.#bucketOf(hash);
    this.#older[entry] = (this.#newest[bucket] as number) - 1;
    this.#newest[bucket] = entry + 1;
    this.#sizes[bucket] = (this.#sizes[bucket] as number) + 1;
  }

  #grow(): void {
    const size = this.#hashes.length * 2;
    this.#hashes = enlarged(this.#hashes, new Uint32Array(size));
    this.#events = enlarged(this.#events, new Int32Array(size));
    this.#older = new Int32Array(size);
    this.#newest = new Int32Array(size);
    this.#sizes = new Int32Array(size);
    for (let entry = 0; entry < this.#entryCount; entry++) this.#link(entry, this.#hashes[entry] as number);
  }
}

function enlarged<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
