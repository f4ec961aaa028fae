import type { RecordedEvent } from '../../definitions/event.js';
import type { Sqlite } from '../../sqlite/driver.js';
import { type EncodedEvent, EventCodec } from '../event-codec.js';
import type { LogSeeds } from '../event-id.js';
import type { LogQuery } from '../log-query.js';
import type { ArchiveRange, LogStorage } from '../log-storage.js';
import { RecentEvents } from '../recent-events.js';
import { Archive } from './archive.js';
import { DirectWriter } from './direct-writer.js';
import { EventKinds, type NumberedKind } from './event-kinds.js';
import { openForReading } from './reading-connection.js';
import { SharedBuffers } from './shared-buffers.js';
import { encodeBatch, indexList, maxTextBytes } from './write-batch.js';
import { WriteTurn } from './write-turn.js';
import { Writer, writeError } from './writer.js';

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

/** The index may be so many events behind those that this thread has written: what is not indexed is looked through. */
const maxUntold = 64;

/** Keeps a log in a SQLite file: a thread writes, or this one when there is little to write; a connection of this thread reads. */
export class SqliteStorage implements LogStorage {
  readonly codec: EventCodec;
  readonly #db: Sqlite;
  readonly #archive: Archive;
  readonly #kinds: EventKinds;
  readonly #buffers = new SharedBuffers();
  readonly #direct: DirectWriter;
  #writer: Writer | undefined;
  /** Written by this thread; the index does not know of them yet. */
  #untold: EncodedEvent[] = [];
  #untoldCommits = 0;

  private constructor({ file, seeds, maxFileBytes }: SqliteStorageOptions, turn: WriteTurn) {
    this.codec = new EventCodec(seeds);
    this.#db = openForReading(file);
    this.#archive = new Archive(this.#db, this.codec);
    this.#kinds = new EventKinds(this.#db.prepare('SELECT id, type, version FROM event_kinds').all() as NumberedKind[]);
    this.#direct = new DirectWriter({ file, maxFileBytes }, turn);
  }

  static async open(options: SqliteStorageOptions): Promise<SqliteStorage> {
    const turn = WriteTurn.memory();
    const storage = new SqliteStorage(options, new WriteTurn(turn));
    try {
      const { seeds, ...file } = options;
      const data = { ...file, hashSeed: seeds.hashSeed, turn };
      storage.#writer = await Writer.start(data, () => {
        // The thread goes on for a moment when nobody reads here any more.
        if (storage.#db.open) storage.#archive.refresh();
      });
      // It may have written a segment that a crash prevented.
      storage.#archive.refresh();
      return storage;
    } catch (error) {
      storage.#direct.close();
      storage.#db.close();
      throw error;
    }
  }

  get archivedThrough(): number {
    return this.#archive.indexedThrough;
  }

  writeNow(events: readonly EncodedEvent[]): boolean {
    if (this.#writer === undefined || this.#writer.isBusy) return false;
    try {
      if (!this.#direct.write(events, this.#kinds)) return false;
    } catch (error) {
      throw writeError(error as Error);
    }
    for (const event of events) this.#untold.push(event);
    this.#untoldCommits++;
    if (this.#untold.length >= maxUntold) this.#tellIndex();
    return true;
  }

  async write(events: readonly EncodedEvent[]): Promise<void> {
    this.#tellIndex();
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

  /** The thread goes last: the last connection that can write copies the write-ahead log into the file and removes it. */
  async close(): Promise<void> {
    this.#direct.close();
    this.#db.close();
    await this.#writer?.close();
  }

  #tellIndex(): void {
    if (this.#untold.length === 0) return;
    this.#writer?.index(indexList(this.#untold), this.#untoldCommits);
    this.#untold = [];
    this.#untoldCommits = 0;
  }
}
