import type { RecordedEvent } from '../../definitions/event.js';
import type { Sqlite } from '../../sqlite/driver.js';
import { type EncodedEvent, EventCodec } from '../event-codec.js';
import type { LogSeeds } from '../event-id.js';
import type { LogQuery } from '../log-query.js';
import type { ArchiveRange, LogStorage } from '../log-storage.js';
import { RecentEvents } from '../recent-events.js';
import { Archive } from './archive.js';
import { EventKinds, type NumberedKind } from './event-kinds.js';
import { openForReading } from './reading-connection.js';
import { SharedBuffers } from './shared-buffers.js';
import { encodeBatch, maxTextBytes } from './write-batch.js';
import { Writer } from './writer.js';

/** What a storage is opened with. */
export interface SqliteStorageOptions {
  readonly file: string;
  readonly seeds: LogSeeds;
  readonly segmentEvents: number;
  readonly segmentBytes: number;
  readonly maxFileBytes: number | undefined;
}

/** How many rows are fetched at a time when the newest events are read at the start. */
const rowsPerFetch = 10_000;

/** Keeps a log in a SQLite file: a thread writes, a connection of this thread reads. */
export class SqliteStorage implements LogStorage {
  readonly codec: EventCodec;
  readonly #db: Sqlite;
  readonly #archive: Archive;
  readonly #kinds: EventKinds;
  readonly #buffers = new SharedBuffers();
  #writer: Writer | undefined;

  private constructor(file: string, seeds: LogSeeds) {
    this.codec = new EventCodec(seeds);
    this.#db = openForReading(file);
    this.#archive = new Archive(this.#db, this.codec);
    this.#kinds = new EventKinds(this.#db.prepare('SELECT id, type, version FROM event_kinds').all() as NumberedKind[]);
  }

  static async open({ file, seeds, ...limits }: SqliteStorageOptions): Promise<SqliteStorage> {
    const storage = new SqliteStorage(file, seeds);
    try {
      const data = { file, hashSeed: seeds.hashSeed, ...limits };
      storage.#writer = await Writer.start(data, () => storage.#archive.refresh());
      // It may have written a segment that a crash prevented.
      storage.#archive.refresh();
      return storage;
    } catch (error) {
      storage.#db.close();
      throw error;
    }
  }

  get archivedThrough(): number {
    return this.#archive.indexedThrough;
  }

  async write(events: readonly EncodedEvent[]): Promise<void> {
    const texts = this.#buffers.take(maxTextBytes(events));
    const batch = encodeBatch(events, this.#kinds, texts);
    await this.#writer?.write(batch);
    this.#kinds.saved(batch.newKinds);
    this.#buffers.giveBack(texts);
  }

  find(query: LogQuery, range: ArchiveRange): RecordedEvent[] {
    return this.#archive.find(query, range);
  }

  /** The events that no segment of the index has. */
  recentEvents(blockEvents: number): RecentEvents {
    const recent = new RecentEvents(this.archivedThrough + 1, this.codec, blockEvents);
    const { rows } = this.#archive;
    for (;;) {
      const fetched = rows.range(recent.last, Number.MAX_SAFE_INTEGER, rowsPerFetch);
      for (const row of fetched) recent.add(this.codec.restore(rows.stored(row)));
      if (fetched.length < rowsPerFetch) return recent;
    }
  }

  async close(): Promise<void> {
    await this.#writer?.close();
    this.#db.close();
  }
}
