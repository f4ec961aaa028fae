import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Application } from '../definitions/application.js';
import { type Clock, systemClock } from '../definitions/clock.js';
import { CarillonError } from '../definitions/errors.js';
import type { RecordedEvent } from '../definitions/event.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { Log } from '../log/log.js';
import { allEvents } from '../log/log-query.js';
import type { ReadDatabaseWriter, ReadModelFailure, ReadModelState } from '../read-database/read-database.js';
import { CheckpointMovedError, ReadDatabaseError } from '../read-database/read-database-errors.js';
import { Batch } from './batch.js';

/** How many events one batch takes. Large ones are quicker to rebuild with; small ones keep nobody waiting. */
const maxBatchEvents = 5_000;
const minBatchEvents = 10;
const firstBatchEvents = 500;

/** How long a batch may take before the next is made smaller, in milliseconds: the other read models wait for it. */
const maxBatchMs = 200;

/** How often it looks whether somebody else rebuilt or resumed a read model, in milliseconds. */
const lookIntervalMs = 1_000;

/** How long a read model waits after the database failed, in milliseconds: first, and at most. */
const firstRetryMs = 100;
const maxRetryMs = 10_000;

/** A read model moved, stopped, or goes on. */
export interface Progress extends ReadModelState {
  readonly readModel: string;
  /** The tables that changed on the way, by their declared names. */
  readonly tables: readonly string[];
}

/** What a `Projector` is made of. */
export interface ProjectorOptions {
  readonly application: Application<any, any>;
  /** Where events are read from. */
  readonly log: Pick<Log, 'read' | 'head'>;
  readonly database: ReadDatabaseWriter;
  readonly onProgress?: (progress: Progress) => void;
  /** Hears of failures that are no handler's (the disk is full, the log cannot be read). The same is tried again. */
  readonly onError?: (error: unknown, readModel: string) => void;
  readonly clock?: Clock;
  /** Whether somebody else may rebuild or resume read models meanwhile. Default true. */
  readonly looksForOthers?: boolean;
}

interface Projection {
  readonly readModel: ReadModelDefinition<string, any>;
  state: ReadModelState;
  batchEvents: number;
  /** Set while it waits after the database failed. */
  retryMs: number;
  retryAtMs: number;
}

/** What a handler could not do. */
interface HandlerFailure {
  readonly error: unknown;
  /** The event, when it is known; it is not when the failure came to light as several events were written. */
  readonly event: RecordedEvent | undefined;
}

/**
 * Keeps the read models of an application up to date: reads the log once for all that stand at the same position, and
 * moves each in a transaction of its own.
 *
 * A handler that fails stops its own read model before the event, until `resume` or `rebuild`; the others go on.
 */
export class Projector {
  readonly #log: Pick<Log, 'read' | 'head'>;
  readonly #database: ReadDatabaseWriter;
  readonly #clock: Clock;
  readonly #looksForOthers: boolean;
  readonly #onProgress: (progress: Progress) => void;
  readonly #onError: (error: unknown, readModel: string) => void;
  readonly #projections = new Map<string, Projection>();
  #head = 0;
  #running: Promise<void> | undefined;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  /** What was asked for between two batches: rebuilds and resumes. */
  readonly #requests: { run(): Promise<void>; cancel(): void }[] = [];

  constructor(options: ProjectorOptions) {
    this.#log = options.log;
    this.#database = options.database;
    this.#clock = options.clock ?? systemClock;
    this.#looksForOthers = options.looksForOthers ?? true;
    this.#onProgress = options.onProgress ?? (() => undefined);
    this.#onError = options.onError ?? (() => undefined);
    for (const readModel of options.application.readModels.values()) {
      const state = { position: 0, failure: undefined };
      const batchEvents = firstBatchEvents;
      this.#projections.set(readModel.name, { readModel, state, batchEvents, retryMs: 0, retryAtMs: 0 });
    }
  }

  /**
   * Makes the tables that are not there, and begins to catch up. Read models that had stopped try again; those that are
   * ahead of the log, which happens when an older log was put in its place, are built anew.
   *
   * @throws ReadModelChangedError when a declaration changed and its version did not
   */
  async start(): Promise<void> {
    const head = await this.#log.head();
    for (const projection of this.#projections.values()) {
      const { readModel } = projection;
      const state = await this.#database.prepare(readModel);
      const isAhead = state.position > head;
      if (isAhead) await this.#database.reset(readModel);
      else if (state.failure !== undefined) await this.#database.setFailure(readModel, undefined);
      projection.state = { position: isAhead ? 0 : state.position, failure: undefined };
    }
    this.wake(head);
    if (!this.#looksForOthers) return;
    this.#looking = setInterval(() => {
      if (this.#requests.length > 0) return;
      this.#requests.push({ run: () => this.#look(), cancel: () => undefined });
      this.wake(this.#head);
    }, lookIntervalMs);
    this.#looking.unref();
  }

  /** Where every read model stands, by name. */
  states(): ReadonlyMap<string, ReadModelState> {
    return new Map([...this.#projections].map(([name, projection]) => [name, projection.state]));
  }

  /** Says that the log has grown to `head`. */
  wake(head: number): void {
    if (head > this.#head) this.#head = head;
    if (this.#closing || this.#running !== undefined) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#hasWork()) this.wake(this.#head);
    });
  }

  /** Empties a read model and begins to build it again. Resolves when it has begun. */
  rebuild(readModel: string): Promise<void> {
    return this.#between(readModel, async (projection) => {
      await this.#database.reset(projection.readModel);
      this.#move(projection, { position: 0, failure: undefined }, Object.keys(projection.readModel.tables));
    });
  }

  /** Lets a read model that failed try again where it stopped. */
  resume(readModel: string): Promise<void> {
    return this.#between(readModel, async (projection) => {
      await this.#database.setFailure(projection.readModel, undefined);
      this.#move(projection, { ...projection.state, failure: undefined }, []);
    });
  }

  /** Finishes the batch that is being applied. Does not close log and database. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    clearInterval(this.#looking);
    await this.#running;
    for (const request of this.#requests.splice(0)) request.cancel();
  }

  #between(readModel: string, work: (projection: Projection) => Promise<void>): Promise<void> {
    const projection = this.#projections.get(readModel);
    if (projection === undefined) {
      return Promise.reject(new CarillonError('read-model-unknown', `There is no read model ${readModel}.`));
    }
    const closed = new CarillonError('projector-closed', 'The projections are closed. Start the application again.');
    if (this.#closing) return Promise.reject(closed);
    return new Promise((resolve, reject) => {
      this.#requests.push({ run: () => work(projection).then(resolve, reject), cancel: () => reject(closed) });
      this.wake(this.#head);
    });
  }

  /** Takes note of what others did to the read models: the command line rebuilds and resumes while the application runs. */
  async #look(): Promise<void> {
    for (const projection of this.#projections.values()) {
      const { readModel, state } = projection;
      const found = await this.#database.state(readModel).catch(() => undefined);
      if (found === undefined) continue;
      if (found.position === state.position && found.failure?.failedAt === state.failure?.failedAt) continue;
      this.#move(projection, found, Object.keys(readModel.tables));
    }
  }

  #hasWork(): boolean {
    return !this.#closing && (this.#requests.length > 0 || this.#due().length > 0);
  }

  /** The projections that are behind and may go on. */
  #due(): Projection[] {
    const nowMs = performance.now();
    return [...this.#projections.values()].filter(
      ({ state, retryAtMs }) => state.failure === undefined && state.position < this.#head && retryAtMs <= nowMs,
    );
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      for (let request = this.#requests.shift(); request !== undefined; request = this.#requests.shift())
        await request.run();
      const due = this.#due();
      if (due.length === 0) break;
      await this.#advance(due);
      await nextTurn();
    }
    this.#wakeForRetries();
  }

  /** Moves the projections that stand farthest behind by one page of the log; those that stand elsewhere have their turn next. */
  async #advance(due: readonly Projection[]): Promise<void> {
    const groups = new Map<number, Projection[]>();
    for (const projection of due) {
      const group = groups.get(projection.state.position);
      if (group === undefined) groups.set(projection.state.position, [projection]);
      else group.push(projection);
    }
    for (const [position, group] of groups) {
      if (this.#closing) return;
      let events: readonly RecordedEvent[];
      try {
        const limit = Math.max(...group.map(({ batchEvents }) => batchEvents));
        events = await this.#log.read(allEvents, { after: position, limit });
      } catch (error) {
        for (const projection of group) this.#retryLater(projection, error);
        continue;
      }
      // The log is shorter than we were told: nothing to do until we are told again.
      if (events.length === 0) this.#head = Math.min(this.#head, position);
      else for (const projection of group) await this.#project(projection, events.slice(0, projection.batchEvents));
    }
  }

  async #project(projection: Projection, events: readonly RecordedEvent[]): Promise<void> {
    const startedMs = performance.now();
    try {
      await this.#apply(projection, events);
      projection.retryMs = 0;
      projection.retryAtMs = 0;
      const tookMs = performance.now() - startedMs;
      const factor = tookMs > maxBatchMs ? 0.5 : tookMs < maxBatchMs / 2 ? 2 : 1;
      const next = Math.floor(projection.batchEvents * factor);
      projection.batchEvents = Math.min(maxBatchEvents, Math.max(minBatchEvents, next));
    } catch (error) {
      if (error instanceof CheckpointMovedError) await this.#look();
      this.#retryLater(projection, error);
    }
  }

  /**
   * Applies events in one transaction. When a handler fails, nothing of it is kept, and it is applied again up to the event
   * that failed; where that is not known, in halves, until the event stands alone.
   */
  async #apply(projection: Projection, events: readonly RecordedEvent[]): Promise<void> {
    const to = events.at(-1)!.position;
    const { tables, failure } = await this.#commit(projection, to, events);
    if (failure === undefined) {
      this.#move(projection, { position: to, failure: undefined }, tables);
      return;
    }
    const failed = events.length === 1 ? 0 : failure.event === undefined ? -1 : events.indexOf(failure.event);
    const middle = failed >= 0 ? failed : Math.floor(events.length / 2);
    if (middle > 0) await this.#apply(projection, events.slice(0, middle));
    if (projection.state.failure !== undefined) return;
    if (failed >= 0) await this.#fail(projection, events[failed]!, failure.error);
    else await this.#apply(projection, events.slice(middle));
  }

  /** One transaction: the tables that changed, or what a handler could not do. Throws when it is the database that failed. */
  async #commit(
    { readModel, state }: Projection,
    to: number,
    events: readonly RecordedEvent[],
  ): Promise<{ readonly tables: readonly string[]; readonly failure?: HandlerFailure }> {
    const concerned = events.filter((event) => readModel.handlers.has(event.type));
    let tables: readonly string[] = [];
    let failure: HandlerFailure | undefined;
    try {
      await this.#database.advance(readModel, state.position, to, async (transaction) => {
        if (concerned.length === 0) return;
        const batch = new Batch(readModel, transaction);
        try {
          tables = await batch.apply(concerned);
        } catch (error) {
          if (!(error instanceof ReadDatabaseError)) failure = { error, event: batch.event };
          throw error;
        }
      });
    } catch (error) {
      if (failure === undefined) throw error;
      return { tables: [], failure };
    }
    return { tables };
  }

  async #fail(projection: Projection, event: RecordedEvent, error: unknown): Promise<void> {
    const failure: ReadModelFailure = {
      position: event.position,
      eventType: event.type,
      message: error instanceof Error ? error.message : String(error),
      failedAt: this.#clock().toISOString(),
    };
    await this.#database.setFailure(projection.readModel, failure);
    this.#move(projection, { ...projection.state, failure }, []);
  }

  #move(projection: Projection, state: ReadModelState, tables: readonly string[]): void {
    projection.state = state;
    this.#onProgress({ readModel: projection.readModel.name, tables, ...state });
  }

  #wakeForRetries(): void {
    clearTimeout(this.#timer);
    if (this.#closing) return;
    const waiting = [...this.#projections.values()].filter(
      ({ state, retryAtMs }) => state.failure === undefined && state.position < this.#head && retryAtMs > 0,
    );
    if (waiting.length === 0) return;
    const soonest = Math.min(...waiting.map(({ retryAtMs }) => retryAtMs));
    this.#timer = setTimeout(() => this.wake(this.#head), Math.max(1, soonest - performance.now()));
    this.#timer.unref();
  }

  /** The log or the database failed, not a handler: the same is tried again, later each time. */
  #retryLater(projection: Projection, error: unknown): void {
    projection.retryMs = Math.min(maxRetryMs, Math.max(firstRetryMs, projection.retryMs * 2));
    projection.retryAtMs = performance.now() + projection.retryMs;
    this.#onError(error, projection.readModel.name);
  }
}
