import { parentPort, workerData } from 'node:worker_threads';
import { openSqlite, type Sqlite } from '../../sqlite/driver.js';
import { BatchInsert } from './batch-insert.js';
import { type IndexLimits, IndexWriter } from './index-writer.js';
import { forEachIndexed, type WriteBatch } from './write-batch.js';

/** What the thread is started with. */
export interface WriterThreadData extends IndexLimits {
  readonly file: string;
  readonly hashSeed: number;
  readonly maxFileBytes: number | undefined;
}

/** What the thread is told. */
export type WriterRequest = { readonly kind: 'write'; readonly batch: WriteBatch } | { readonly kind: 'close' };

/** What the thread answers: each `write` in order with `written` or `failed`; the others when it happens. */
export type WriterReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'written' }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined }
  | { readonly kind: 'indexed' };

/** After so many bytes of events the write-ahead log is copied into the database, between two batches. */
const checkpointBytes = 8_388_608;
/** SQLite does it itself, within a commit, when that did not work for so many pages: readers held it up. */
const autoCheckpointPages = 16_384;

/** How long a batch waits for somebody else who writes into the file, which nobody should, before it fails. */
const busyTimeoutMs = 1_000;

class WriterThread {
  readonly #db: Sqlite;
  readonly #insert: BatchInsert;
  readonly #index: IndexWriter;
  readonly #reply: (reply: WriterReply) => void;
  #bytesSinceCheckpoint = 0;
  #maintenance: NodeJS.Immediate | undefined;

  constructor(data: WriterThreadData, reply: (reply: WriterReply) => void) {
    this.#db = openForWriting(data);
    this.#insert = new BatchInsert(this.#db);
    this.#index = new IndexWriter(this.#db, data.hashSeed, data);
    this.#reply = reply;
    this.#planMaintenance();
  }

  handle(request: WriterRequest): void {
    if (request.kind === 'close') this.#close();
    else this.#write(request.batch);
  }

  #write(batch: WriteBatch): void {
    try {
      this.#insert.write(batch);
    } catch (error) {
      this.#reply(failure(error));
      return;
    }
    this.#reply({ kind: 'written' });
    this.#remember(batch);
    this.#planMaintenance();
  }

  /** Only what is durable is indexed. */
  #remember(batch: WriteBatch): void {
    forEachIndexed(batch, (begin, end, bytes) => {
      this.#index.add(batch.hashes, bytes, begin, end);
      this.#bytesSinceCheckpoint += bytes + 100;
    });
    this.#bytesSinceCheckpoint += 8_192;
  }

  /** Batches that came in the meantime are written before the next piece of work. */
  #planMaintenance(): void {
    if (this.#maintenance !== undefined) return;
    if (!this.#index.hasWork && this.#bytesSinceCheckpoint < checkpointBytes) return;
    this.#maintenance = setImmediate(() => {
      this.#maintenance = undefined;
      if (this.#maintain()) this.#planMaintenance();
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

function openForWriting({ file, maxFileBytes }: WriterThreadData): Sqlite {
  const db = openSqlite(file, { timeout: busyTimeoutMs });
  db.pragma('synchronous = FULL');
  db.pragma(`wal_autocheckpoint = ${autoCheckpointPages}`);
  db.pragma('journal_size_limit = 67108864');
  db.pragma('cache_size = -16384');
  if (maxFileBytes !== undefined) {
    const pageBytes = db.pragma('page_size', { simple: true }) as number;
    db.pragma(`max_page_count = ${Math.max(1, Math.floor(maxFileBytes / pageBytes))}`);
  }
  return db;
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
