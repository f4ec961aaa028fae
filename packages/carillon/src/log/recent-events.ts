import type { RecordedEvent } from '../definitions/event.js';
import { EventBlock } from './event-block.js';
import type { EncodedEvent, EventCodec } from './event-codec.js';
import { hashQuery } from './hashed-query.js';
import type { LogQuery } from './log-query.js';

/** A block is closed and a new one begun when it holds so much in memory. */
const blockBytes = 16_777_216;

/**
 * The newest events of a log, in memory, with an index of their tags and types: a row of blocks, so that the oldest ones
 * can be let go of in one step.
 */
export class RecentEvents {
  readonly #codec: EventCodec;
  readonly #blockEvents: number;
  #blocks: [EventBlock, ...EventBlock[]];

  /**
   * @param first the position of the first event that will be added
   * @param blockEvents how many events a block holds at most
   */
  constructor(first: number, codec: EventCodec, blockEvents: number) {
    this.#codec = codec;
    this.#blockEvents = blockEvents;
    this.#blocks = [new EventBlock(first, codec)];
  }

  /** The position of the oldest event held; events before it are elsewhere. */
  get first(): number {
    return this.#blocks[0].first;
  }

  /** The position of the newest event; `first - 1` when there is none. */
  get last(): number {
    return this.#newest.last;
  }

  /** Adds the next event; its position must be `last + 1`. */
  add(event: EncodedEvent): void {
    let block = this.#newest;
    if (block.length >= this.#blockEvents || block.sizeBytes >= blockBytes) {
      block = new EventBlock(event.position, this.#codec);
      this.#blocks.push(block);
    }
    block.add(event);
  }

  /** Takes out every event beyond a position: they have not happened. */
  truncate(last: number): void {
    while (this.#blocks.length > 1 && this.#newest.first > last) this.#blocks.pop();
    this.#newest.truncate(last);
  }

  /** Lets go of the oldest blocks that end at or before a position, but keeps the newest `keep` blocks. */
  release(through: number, keep: number): void {
    while (this.#blocks.length > Math.max(1, keep) && this.#blocks[0].last <= through) this.#blocks.shift();
  }

  /** Gives what the event at a position is indexed by: the hash of its type, then of each of its tags. It must be held. */
  eachHashAt(position: number, visit: (hash: number) => void): void {
    let index = this.#blocks.length - 1;
    while ((this.#blocks[index] as EventBlock).first > position) index--;
    (this.#blocks[index] as EventBlock).eachHashAt(position, visit);
  }

  /** The matching events with `after` < position <= `through`, at most `limit`, in order or newest first. */
  find(query: LogQuery, after: number, through: number, limit: number, backwards = false): RecordedEvent[] {
    const found: RecordedEvent[] = [];
    if (after >= this.last) return found;
    const items = hashQuery(query, this.#codec.hash);
    const count = this.#blocks.length;
    for (let i = 0; i < count && found.length < limit; i++) {
      const block = this.#blocks[backwards ? count - 1 - i : i] as EventBlock;
      block.find(query, items, { from: after + 1, to: through, limit: limit - found.length, backwards }, found);
    }
    return found;
  }

  get #newest(): EventBlock {
    return this.#blocks[this.#blocks.length - 1] as EventBlock;
  }
}
