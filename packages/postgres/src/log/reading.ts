import type { RecordedEvent } from 'carillon';
import { checkLogQuery, checkPosition, checkReadOptions, type RecentEvents } from 'carillon/adapters';
import type { Loaded, LoadRead, LogQuery, ReadOptions } from 'carillon/log';
import type { Archive } from './archive.js';

/** How many archived events are fetched at a time for a decision. */
const archiveChunk = 5_000;

/** What is read from. */
export interface ReadingParts {
  readonly recent: RecentEvents;
  readonly archive: Archive;
  /** Up to where the log is durable, as far as this process knows. */
  readonly durable: () => number;
  /** Settles when it is certain whether everything up to a position is durable there; undefined when it is. */
  readonly untilCertain: (position: number) => Promise<void> | undefined;
  /** Asks the database: who reads asks again himself. */
  readonly ask: <T>(question: () => Promise<T>) => Promise<T>;
  /** Asks it for a decision, which waits for a database that is away as its append does. */
  readonly askPatiently: <T>(question: () => Promise<T>) => Promise<T>;
  /** @throws when the log cannot be used any more */
  readonly checkOpen: () => void;
}

/** Reads a log of which the newest events are in memory, with some that are not durable yet, and all others in the database. */
export class Reading {
  readonly #parts: ReadingParts;
  readonly #recent: RecentEvents;
  readonly #archive: Archive;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
    this.#recent = parts.recent;
    this.#archive = parts.archive;
  }

  async read(query: LogQuery, options: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    checkLogQuery(query);
    const { after, before, limit, backwards } = checkReadOptions(options);
    const last = Math.min(this.#parts.durable(), before - 1);
    if (backwards) {
      const found = this.#recent.find(query, after, last, limit, true);
      const { first } = this.#recent;
      if (found.length === limit || after + 1 >= first) return found;
      const range = { after, before: Math.min(before, first), limit: limit - found.length, backwards };
      return found.concat(await this.#parts.ask(() => this.#archive.find(query, range)));
    }
    if (after + 1 >= this.#recent.first) return this.#recent.find(query, after, last, limit);
    const { first } = this.#recent;
    const range = { after, before: Math.min(before, first), limit, backwards };
    const found = await this.#parts.ask(() => this.#archive.find(query, range));
    if (found.length === limit) return found;
    // While the database was asked, memory may have let go of what it had then.
    if (this.#recent.first === first) {
      return found.concat(this.#recent.find(query, first - 1, last, limit - found.length));
    }
    return found.concat(await this.read(query, { ...options, after: first - 1, limit: limit - found.length }));
  }

  load(reads: readonly LoadRead[]): Loaded | Promise<Loaded> {
    for (const { query, after } of reads) {
      checkLogQuery(query);
      checkPosition('after', after);
    }
    const { first } = this.#recent;
    if (reads.every(({ after }) => after + 1 >= first)) return this.#loadRecent(reads);
    return this.#loadArchived(reads, first);
  }

  #loadRecent(reads: readonly LoadRead[]): Loaded {
    const { last } = this.#recent;
    const isConcerned = last > this.#parts.durable() && reads.some((read) => this.#isProvisional(read, last));
    const position = isConcerned ? last : this.#parts.durable();
    const events = reads.map(({ query, after }) => this.#recent.find(query, after, position, Number.POSITIVE_INFINITY));
    const loaded = { events, position, durable: this.#parts.untilCertain(position) };
    return isConcerned ? { ...loaded, isProvisional: true } : loaded;
  }

  /** Whether it concerns events that are not durable yet, or comes from someone who has seen some. */
  #isProvisional({ query, after }: LoadRead, last: number): boolean {
    return after > this.#parts.durable() || this.#recent.find(query, this.#parts.durable(), last, 1).length > 0;
  }

  /** What is archived never changes: it is fetched first, and then what is recent is looked at in one go. */
  async #loadArchived(reads: readonly LoadRead[], first: number): Promise<Loaded> {
    const archived = await Promise.all(
      reads.map(async ({ query, after }) => {
        const found: RecordedEvent[] = [];
        if (after + 1 >= first || !(await this.#parts.askPatiently(() => this.#archive.mayHave(query)))) return found;
        for (let from = after; from + 1 < first; ) {
          const range = { after: from, before: first, limit: archiveChunk, backwards: false };
          const chunk = await this.#parts.askPatiently(() => this.#archive.find(query, range));
          for (const event of chunk) found.push(event);
          if (chunk.length < archiveChunk) break;
          from = chunk[chunk.length - 1]!.position;
        }
        return found;
      }),
    );
    this.#parts.checkOpen();
    const rest = await this.load(reads.map(({ query, after }) => ({ query, after: Math.max(after, first - 1) })));
    return { ...rest, events: rest.events.map((events, index) => archived[index]!.concat(events)) };
  }

  /** The matching events after a position that the database alone has. */
  async findArchived(
    query: LogQuery,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<RecordedEvent[]> {
    const found: RecordedEvent[] = [];
    for (let from = after; ; ) {
      const { first } = this.#recent;
      if (from + 1 >= first || found.length >= limit) return found;
      const range = { after: from, before: first, limit, backwards: false };
      if (await this.#parts.askPatiently(() => this.#archive.mayHave(query))) {
        for (const event of await this.#parts.askPatiently(() => this.#archive.find(query, range))) found.push(event);
      }
      // Memory may have let go of some meanwhile.
      from = first - 1;
    }
  }
}
