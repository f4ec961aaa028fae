import { Worker } from 'node:worker_threads';
import { LogWriteError } from '../log-errors.js';
import type { IndexList, WriteBatch } from './write-batch.js';
import type { WriterReply, WriterRequest, WriterThreadData } from './writer-thread.js';

const threadFile = new URL(`./writer-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: LogWriteError) => void;
}

/** The writer thread, as seen from the thread that appends. */
export class Writer {
  readonly #worker: Worker;
  readonly #onIndexed: () => void;
  /** For every batch that was sent and not answered, in order. */
  readonly #waiting: Waiting[] = [];
  /** What the thread has said in this turn of the event loop. */
  readonly #replies: WriterReply[] = [];
  readonly #exited: Promise<void>;
  #broken: LogWriteError | undefined;

  private constructor(worker: Worker, onIndexed: () => void) {
    this.#worker = worker;
    this.#onIndexed = onIndexed;
    worker.on('message', (reply: WriterReply) => this.#receive(reply));
    worker.on('error', (cause) => this.#break(cause));
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#break(undefined);
        resolve();
      });
    });
    // An idle log keeps no process alive.
    worker.unref();
  }

  /** Starts the thread. @param onIndexed is called when there are new index segments */
  static async start(data: WriterThreadData, onIndexed: () => void): Promise<Writer> {
    const worker = new Worker(threadFile, { workerData: data });
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', () => {
        worker.off('error', reject);
        resolve();
      });
    });
    return new Writer(worker, onIndexed);
  }

  write(batch: WriteBatch): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) this.#worker.ref();
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage({ kind: 'write', batch } satisfies WriterRequest);
    });
  }

  /** Whether batches are on their way. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Tells the thread of the next events, which were written by somebody else in so many transactions. */
  index(list: IndexList, commits: number): void {
    this.#worker.postMessage({ kind: 'index', list, commits } satisfies WriterRequest);
  }

  /** Lets the thread finish what it was sent, and ends it. */
  async close(): Promise<void> {
    this.#worker.ref();
    this.#worker.postMessage({ kind: 'close' } satisfies WriterRequest);
    await this.#exited;
  }

  /**
   * Who waits is told when everyone else has had a turn: Node hands over up to a thousand messages one after the other, and what
   * is done for each would keep requests waiting that have come in meanwhile.
   */
  #receive(reply: WriterReply): void {
    this.#replies.push(reply);
    if (this.#replies.length === 1) setImmediate(() => this.#takeAll());
  }

  #takeAll(): void {
    for (const reply of this.#replies.splice(0)) this.#take(reply);
  }

  #take(reply: WriterReply): void {
    if (reply.kind === 'indexed') this.#onIndexed();
    if (reply.kind !== 'written' && reply.kind !== 'failed') return;
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#worker.unref();
    if (reply.kind === 'written') waiting?.resolve();
    else waiting?.reject(writeError(reply));
  }

  /** What the thread has said before it ended counts. */
  #break(cause: unknown): void {
    this.#takeAll();
    this.#broken ??= new LogWriteError('The thread that writes the log has ended. Close the log and open it again.', {
      cause,
    });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#broken);
  }
}

/** What the log says when SQLite could not write. */
export function writeError({ message, code }: { readonly message: string; readonly code?: string | undefined }) {
  const advice =
    code === 'SQLITE_FULL'
      ? 'Free some space on the disk (or raise `maxFileBytes`); appends work again as soon as there is some.'
      : 'See to the disk and the file; appends work again as soon as it can be written.';
  return new LogWriteError(
    `The log could not be written (${code ?? 'error'}: ${message}). Nothing of this append was kept. ${advice}`,
  );
}
