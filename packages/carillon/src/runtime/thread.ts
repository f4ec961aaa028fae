import { type MessagePort, parentPort, Worker } from 'node:worker_threads';
import { CarillonError, type Issue, ValidationError } from '../definitions/errors.js';
import { NotRunningError } from './runtime-errors.js';

/** The methods that a thread offers to the one that started it. */
export type ThreadMethods = { readonly [method: string]: (...args: any[]) => unknown };

interface Call {
  /** 0: nobody waits for an answer. */
  readonly call: number;
  readonly method: string;
  readonly args: readonly unknown[];
}
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** What a validation found. */
  readonly issues: readonly Issue[] | undefined;
}
type Reply = { readonly reply: number; readonly result?: unknown; readonly failure?: Failure };
type Notice = { readonly notice: string; readonly value: unknown };

/** The most calls that may wait for one thread. */
const maxPendingCalls = 10_000;

/** A worker thread, from outside: calls its methods, hears its notices. */
export class Thread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, { resolve(value: any): void; reject(error: Error): void }>();
  readonly #listeners = new Map<string, (value: any) => void>();
  /** What the thread has answered and nobody has been told yet. */
  readonly #untold: Reply[] = [];
  #lastCall = 0;
  #ended: Error | undefined;

  /**
   * @param entry the module that calls `serveThread`
   * @param name shown by debuggers and in error messages
   */
  constructor(entry: URL, name: string, workerData: unknown) {
    // Batches make much that is short-lived: with room for it the collector copies less.
    const resourceLimits = { maxYoungGenerationSizeMb: 64 };
    this.#worker = new Worker(entry, { name, workerData, resourceLimits });
    this.#worker.on('message', (message: Reply | Notice) => this.#receive(message));
    this.#worker.on('error', (cause) => {
      this.#end(new CarillonError('thread-failed', `The ${name} thread failed: ${String(cause)}`, { cause }));
    });
    this.#worker.on('exit', () => this.#end(new NotRunningError()));
  }

  /**
   * @throws CarillonError what the method threw, with its code and message; `overloaded`; `thread-failed`
   * @throws NotRunningError when the thread has ended
   */
  call<T>(method: string, ...args: unknown[]): Promise<T> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#pending.size >= maxPendingCalls) {
      const message = `${maxPendingCalls} calls wait already. Try again in a moment.`;
      return Promise.reject(new CarillonError('overloaded', message));
    }
    const call = ++this.#lastCall;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(call, { resolve, reject });
      this.#worker.postMessage({ call, method, args } satisfies Call);
    });
  }

  /** Calls a method without waiting for it. Says nothing when the thread has ended or the method throws. */
  tell(method: string, ...args: unknown[]): void {
    this.#worker.postMessage({ call: 0, method, args } satisfies Call);
  }

  /** Hears notices of one name. One listener for each name. */
  on(notice: string, listener: (value: any) => void): void {
    this.#listeners.set(notice, listener);
  }

  /** Called once when the thread ended by itself, with the reason. */
  onFailure(listener: (error: Error) => void): void {
    this.#worker.once('error', () => listener(this.#ended!));
  }

  /** Ends the thread at once. Let it finish first with a method of its own. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  /**
   * Answers are told one in each turn of the event loop: Node hands over up to a thousand messages one after the other, and what is done
   * for each would keep everybody else waiting, above all commands while queries are saturated.
   */
  #receive(message: Reply | Notice): void {
    if ('notice' in message) {
      this.#listeners.get(message.notice)?.(message.value);
      return;
    }
    this.#untold.push(message);
    if (this.#untold.length === 1) setImmediate(() => this.#tellNext());
  }

  #tellNext(): void {
    const message = this.#untold.shift();
    if (this.#untold.length > 0) setImmediate(() => this.#tellNext());
    if (message !== undefined) this.#tell(message);
  }

  #tell({ reply, result, failure }: Reply): void {
    const pending = this.#pending.get(reply);
    this.#pending.delete(reply);
    if (failure === undefined) pending?.resolve(result);
    else pending?.reject(toError(failure));
  }

  /** What the thread has said before it ended counts. */
  #end(error: Error): void {
    this.#ended ??= error;
    for (const message of this.#untold.splice(0)) this.#tell(message);
    for (const pending of this.#pending.values()) pending.reject(this.#ended);
    this.#pending.clear();
  }
}

/** Offers methods to the thread that started this one. Returns a function that sends notices. */
export function serveThread(methods: ThreadMethods): (notice: string, value: unknown) => void {
  const port = parentPort as MessagePort;
  port.on('message', async ({ call, method, args }: Call) => {
    try {
      const result = await methods[method]!(...args);
      if (call !== 0) port.postMessage({ reply: call, result } satisfies Reply);
    } catch (error) {
      if (call !== 0) port.postMessage({ reply: call, failure: toFailure(error) } satisfies Reply);
    }
  });
  return (notice, value) => port.postMessage({ notice, value } satisfies Notice);
}

function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) {
    return { code: 'thread-failed', message: String(error), stack: undefined, issues: undefined };
  }
  const code = error instanceof CarillonError ? error.code : 'unexpected';
  const issues = error instanceof ValidationError ? error.issues : undefined;
  return { code, message: error.message, stack: error.stack, issues };
}

function toError({ code, message, stack, issues }: Failure): CarillonError {
  const subject = message.split(' does not fit its schema:', 1)[0]!;
  const error = issues === undefined ? new CarillonError(code, message) : new ValidationError(subject, issues);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** The URL of a thread's entry module that stands beside the calling module, compiled or not as that one is. */
export function threadEntry(name: string, callerUrl: string): URL {
  return new URL(`./${name}${callerUrl.endsWith('.ts') ? '.ts' : '.js'}`, callerUrl);
}
