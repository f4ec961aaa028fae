import type { RecordedEvent } from '../definitions/event.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { TableDefinition } from '../definitions/table.js';
import type { ReadModelTransaction, TableChanges } from '../read-database/read-database.js';
import { RowExistsError, RowMissingError } from '../read-database/read-database-errors.js';
import { HandlerTimeoutError, ProjectionError, rowExists, rowMissing } from './projection-errors.js';
import { RowBuffer, type RowChange } from './row-buffer.js';
import { RowShape, type Values } from './row-shape.js';

/** The most rows that `find` returns, and its default. */
const maxFind = 10_000;
const defaultFind = 1_000;

/** Rows that are changed or removed by what they hold are taken in pieces of this size. */
const sweepSize = 1_000;

/** When so many rows and changes are gathered, they are written before the next event. */
const maxGathered = 50_000;

/** How long a handler may take to end, in milliseconds. */
const handlerTimeoutMs = 30_000;

type ReadModel = ReadModelDefinition<string, any>;

/** What the rows of a read model's tables look like, found out once. */
const shapes = new WeakMap<ReadModel, readonly (readonly [table: string, shape: RowShape])[]>();

function shapesOf(readModel: ReadModel): readonly (readonly [table: string, shape: RowShape])[] {
  let known = shapes.get(readModel);
  if (known === undefined) {
    const tables = Object.entries(readModel.tables as { [name: string]: TableDefinition });
    known = tables.map(([name, table]) => [name, new RowShape(readModel.name, name, table)] as const);
    shapes.set(readModel, known);
  }
  return known;
}

/**
 * Applies a batch of events to a read model within one transaction: calls the handlers in the order of the events,
 * and writes the net effect. Used once.
 */
export class Batch {
  readonly #readModel: ReadModel;
  readonly #transaction: ReadModelTransaction;
  readonly #buffers: RowBuffer[] = [];
  readonly #writers: { [table: string]: unknown } = {};
  readonly #changedTables = new Set<string>();
  /** What the current handler has begun. */
  #begun: Promise<unknown>[] = [];
  /** The last of that, while it is under way: what comes after it waits for it, be it awaited or not. */
  #tail: Promise<unknown> | undefined;
  #event: RecordedEvent | undefined;
  /** Ends the wait for a handler that does not end. One for all handlers: it is wound up again for each. */
  #alarm: NodeJS.Timeout | undefined;
  #late: Promise<never> | undefined;
  #isWaiting = false;
  #isOver = false;

  constructor(readModel: ReadModel, transaction: ReadModelTransaction) {
    this.#readModel = readModel;
    this.#transaction = transaction;
    for (const [name, shape] of shapesOf(readModel)) {
      const buffer = new RowBuffer(name, shape);
      this.#buffers.push(buffer);
      this.#writers[name] = this.#writer(name, buffer);
    }
  }

  /** The event whose handler runs, or has failed; undefined while what several handlers said is loaded and written. */
  get event(): RecordedEvent | undefined {
    return this.#event;
  }

  /**
   * @returns the names of the tables that changed
   * @throws whatever a handler threw, ProjectionError for what its tables cannot do, HandlerTimeoutError
   */
  async apply(events: readonly RecordedEvent[]): Promise<string[]> {
    try {
      for (const event of events) {
        this.#event = event;
        const handled: unknown = this.#readModel.handlers.get(event.type)!(event.data, this.#writers, event);
        // Handlers that only write return nothing: no turn of the event loop is lost on them.
        if (handled instanceof Promise) await this.#inTime(handled);
        if (this.#begun.length > 0) await this.#inTime(this.#settleBegun());
        if (this.#isFull()) {
          this.#event = undefined;
          await this.#write();
        }
      }
      this.#event = undefined;
      await this.#write();
      return [...this.#changedTables];
    } finally {
      this.#isOver = true;
      clearTimeout(this.#alarm);
    }
  }

  #isFull(): boolean {
    let gathered = 0;
    for (const buffer of this.#buffers) gathered += buffer.size;
    return gathered > maxGathered;
  }

  /** Loads what is waited for, and writes everything gathered so far. */
  async #write(): Promise<void> {
    const changes: TableChanges[] = [];
    for (const buffer of this.#buffers) {
      const loading = buffer.load(this.#transaction);
      if (loading !== undefined) await loading;
      const change = buffer.takeChanges();
      if (change === undefined) continue;
      changes.push(change);
      this.#changedTables.add(change.table);
    }
    if (changes.length === 0) return;
    try {
      const writing = this.#transaction.write(changes);
      if (writing instanceof Promise) await writing;
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** What the database found out about rows that were not looked up before, as if they had been. */
  #explain(error: unknown): unknown {
    const isExpected = error instanceof RowExistsError || error instanceof RowMissingError;
    if (!isExpected) return error;
    const place = { readModel: this.#readModel.name, table: error.table, key: error.key };
    return new ProjectionError(place, error instanceof RowExistsError ? rowExists : rowMissing);
  }

  /** Does something at once, or after what is under way. Whether the handler awaits it or not, it is awaited after the handler. */
  #begin<T>(work: () => T | Promise<T>): Promise<T> {
    let doing: Promise<T>;
    if (this.#tail === undefined) {
      try {
        const result = work();
        if (!(result instanceof Promise)) return Promise.resolve(result);
        doing = result;
      } catch (error) {
        doing = Promise.reject(error);
      }
    } else {
      doing = this.#tail.then(work);
    }
    const done: Promise<T> = doing.finally(() => {
      if (this.#tail === done) this.#tail = undefined;
    });
    done.catch(() => undefined);
    this.#tail = done;
    this.#begun.push(done);
    return done;
  }

  /** Waits for what a handler began, awaited by it or not: the next event must find it done. */
  async #settleBegun(): Promise<void> {
    while (this.#begun.length > 0) {
      const begun = this.#begun;
      this.#begun = [];
      await Promise.all(begun);
    }
  }

  async #inTime(work: Promise<unknown>): Promise<void> {
    this.#late ??= new Promise<never>((_, reject) => {
      const giveUp = () => {
        if (!this.#isWaiting) return;
        reject(new HandlerTimeoutError(this.#readModel.name, this.#event!.type, handlerTimeoutMs));
      };
      this.#alarm = setTimeout(giveUp, handlerTimeoutMs);
      this.#alarm.unref();
    });
    this.#alarm!.refresh();
    this.#isWaiting = true;
    await Promise.race([work, this.#late]);
    this.#isWaiting = false;
  }

  /** The table as handlers see it. */
  #writer(table: string, buffer: RowBuffer) {
    const place = { readModel: this.#readModel.name, table };
    const check = () => {
      if (!this.#isOver) return;
      throw new ProjectionError(
        place,
        'it was used after its event was handled. Await or return what a handler begins.',
      );
    };
    const begin = <T>(work: () => T | Promise<T>): Promise<T> => {
      check();
      return this.#begin(work);
    };
    const write = (work: () => void): void => {
      check();
      if (this.#tail === undefined) work();
      else void this.#begin(work);
    };
    const sweep = (where: Values, change: RowChange | undefined) =>
      begin(async () => {
        await this.#write();
        if (await buffer.sweep(where, change, sweepSize, this.#transaction)) this.#changedTables.add(table);
      });
    return {
      insert: (row: Values) => write(() => buffer.insert(row)),
      upsert: (row: Values) => write(() => buffer.upsert(row)),
      update: (key: unknown, change: RowChange, orElse?: Values) => write(() => buffer.update(key, change, orElse)),
      delete: (key: unknown) => write(() => buffer.delete(key)),
      get: (key: unknown) => begin(() => buffer.get(key, this.#transaction)),
      find: (where: Values, options?: { limit?: number }) =>
        begin(async () => {
          const limit = options?.limit ?? defaultFind;
          if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxFind) {
            throw new ProjectionError(place, `find takes a limit from 1 to ${maxFind}, not ${limit}.`);
          }
          await this.#write();
          return buffer.find(where, limit, this.#transaction);
        }),
      updateWhere: (where: Values, change: RowChange) => sweep(where, change),
      deleteWhere: (where: Values) => sweep(where, undefined),
    };
  }
}
