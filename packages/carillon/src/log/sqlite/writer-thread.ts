import { statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Sqlite } from '../../sqlite/driver.js';
import { BatchInsert } from './batch-insert.js';
import { type IndexLimits, IndexWriter } from './index-writer.js';
import { BatchReader, forEachIndexed, type IndexList, type WriteBatch } from './write-batch.js';
import { WriteTurn } from './write-turn.js';
import { openForWriting, type WritableFile } from './writing-connection.js';

/** What the thread is started with. */
export interface WriterThreadData extends IndexLimits, WritableFile {
  readonly hashSeed: number;
  /** See `WriteTurn`. */
  readonly turn: SharedArrayBuffer;
}

/** What the thread is told. */
export type WriterRequest =
  | { readonly kind: 'write'; readonly batch: WriteBatch }
  /** The next events are in the file already: so many transactions. */
  | { readonly kind: 'index'; readonly list: IndexList; readonly commits: number }
  | { readonly kind: 'close' };

/** What the thread answers: each `write` in order with `written` or `failed`, `index` not at all; `indexed` when it happens. */
export type WriterReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'written' }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined }
  | { readonly kind: 'indexed' };

/** After so many bytes of events the write-ahead log is copied into the database, between two batches. */
const checkpointBytes = 8_388_608;
/** The write-ahead log has so much room from the start: what is written until it is copied, and a little more. */
const reservedBytes = checkpointBytes + 2_097_152;
/** SQLite does it itself, within a commit, when that did not work for so many pages: readers held it up. */
const autoCheckpointPages = 16_384;

/** Pages that stay in memory: 16 MiB of them. */
const cacheSize = 'cache_size = -16384';

class WriterThread {
  readonly #db: Sqlite;
  readonly #turn: WriteTurn;
  readonly #insert: BatchInsert;
  readonly #index: IndexWriter;
  readonly #reply: (reply: WriterReply) => void;
  #bytesSinceCheckpoint = 0;
  #maintenance: NodeJS.Immediate | undefined;

  constructor(data: WriterThreadData, reply: (reply: WriterReply) => void) {
    this.#turn = new WriteTurn(data.turn);
    this.#db = openForWriting(data);
    this.#db.pragma(`wal_autocheckpoint = ${autoCheckpointPages}`);
    this.#db.pragma(cacheSize);
    this.#insert = new BatchInsert(this.#db);
    this.#index = new IndexWriter(this.#db, data.hashSeed, data);
    this.#reply = reply;
    this.#planMaintenance();
    // After the start, which need not wait for it.
    setImmediate(() => this.#turn.during(() => reserveWriteAheadLog(this.#db, data.file)));
  }

  handle(request: WriterRequest): void {
    if (request.kind === 'write') this.#write(request.batch);
    else if (request.kind === 'index') this.#remember(request.list, request.commits);
    else this.#close();
  }

  #write(batch: WriteBatch): void {
    try {
      const rows = new BatchReader(batch);
      this.#turn.during(() => this.#insert.write(batch, () => rows.next()));
    } catch (error) {
      this.#reply(failure(error));
      return;
    }
    this.#reply({ kind: 'written' });
    this.#remember(batch.index, 1);
  }

  /** Only what is durable is indexed. */
  #remember(list: IndexList, commits: number): void {
    forEachIndexed(list, (begin, end, bytes) => {
      this.#index.add(list, bytes, begin, end);
      this.#bytesSinceCheckpoint += bytes + 100;
    });
    this.#bytesSinceCheckpoint += commits * 8_192;
    this.#planMaintenance();
  }

  /** Batches that came in the meantime are written before the next piece of work. */
  #planMaintenance(): void {
    if (this.#maintenance !== undefined) return;
    if (!this.#index.hasWork && this.#bytesSinceCheckpoint < checkpointBytes) return;
    this.#maintenance = setImmediate(() => {
      this.#maintenance = undefined;
      if (this.#turn.during(() => this.#maintain())) this.#planMaintenance();
    });
  }

  /** Says whether it worked. What failed (the disk is full) is tried again after the next batch; nothing depends on it. */
  #maintain(): boolean {
    try {
      if (this.#bytesSinceCheckpoint >= checkpointBytes) {
        this.#bytesSinceCheckpoint = 0;
        this.#db.pragma('wal_checkpoint(PASSIVE)');
      } else {
        this.#work();
      }
      return true;
    } catch {
      return false;
    }
  }

  /** The index can be made again from the events, so that it need not be fsynced: the next batch's fsync covers it. */
  #work(): void {
    this.#db.pragma('synchronous = NORMAL');
    try {
      if (this.#index.step()) this.#reply({ kind: 'indexed' });
      this.#bytesSinceCheckpoint += 400_000;
    } finally {
      this.#db.pragma('synchronous = FULL');
    }
  }

  #close(): void {
    clearImmediate(this.#maintenance);
    this.#db.close();
    parentPort?.close();
  }
}

/**
 * Gives the write-ahead log its size at once. A commit that makes a file longer has the file system write its own
 * journal, too, which takes as long again; one that writes over what is there does not. SQLite writes the pages of a
 * transaction that is larger than its cache before it knows whether it will be committed, and keeps the room.
 */
function reserveWriteAheadLog(db: Sqlite, file: string): void {
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) >= reservedBytes) return;
  db.pragma('cache_size = 10');
  try {
    db.exec('BEGIN IMMEDIATE; CREATE TABLE reserve (bytes BLOB)');
    db.prepare('INSERT INTO reserve VALUES (zeroblob(?))').run(reservedBytes);
  } catch {
    // No room, or somebody reads: it grows by itself then.
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
    db.pragma(cacheSize);
  }
}

function failure(error: unknown): WriterReply {
  const { message, code } = error as Error & { code?: string };
  return { kind: 'failed', message, code };
}

const port = parentPort;
if (port !== null) {
  const thread = new WriterThread(workerData as WriterThreadData, (reply) => port.postMessage(reply));
  port.on('message', (request: WriterRequest) => thread.handle(request));
  port.postMessage({ kind: 'ready' } satisfies WriterReply);
}
