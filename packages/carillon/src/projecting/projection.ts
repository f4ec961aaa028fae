import type { Clock } from '../definitions/clock.js';
import type { RecordedEvent } from '../definitions/event.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { BuildState, ReadDatabaseWriter, ReadModelFailure } from '../read-database/read-database.js';
import { ReadDatabaseError } from '../read-database/read-database-errors.js';
import { Batch } from './batch.js';

/** How many events one batch takes. Large ones are quicker to rebuild with; small ones keep nobody waiting. */
const maxBatchEvents = 5_000;
const minBatchEvents = 10;
const firstBatchEvents = 500;

/** How long a read model waits after the database failed, in milliseconds: first, and at most. */
const firstRetryMs = 100;
const maxRetryMs = 10_000;

/** What a projection is made of. */
export interface ProjectionOptions {
  readonly readModel: ReadModelDefinition<string, any>;
  readonly database: ReadDatabaseWriter;
  readonly clock: Clock;
  /** Where it stands. */
  readonly state: BuildState;
  /** How long a batch may take before the next is made smaller, in milliseconds: everyone else waits for it. */
  readonly maxBatchMs: number;
  /** Called after each commit with the tables that changed, by their declared names. */
  readonly onMoved: (tables: readonly string[]) => void;
  /** Called when a handler failed, and it was recorded that the read model stops there. */
  readonly onStopped: (event: RecordedEvent, error: unknown) => void;
}

/** What a handler could not do. */
interface HandlerFailure {
  readonly error: unknown;
  /** The event, when it is known; it is not when the failure came to light as several events were written. */
  readonly event: RecordedEvent | undefined;
}

/** Moves one build of a read model along the log. */
export class Projection {
  readonly #options: ProjectionOptions;
  #state: BuildState;
  #batchEvents = firstBatchEvents;
  #retryMs = 0;
  #retryAtMs = 0;
  /** Whether it has got to the end of the log once, as that was when its last page was read. */
  #wasAtEnd = false;

  constructor(options: ProjectionOptions) {
    this.#options = options;
    this.#state = options.state;
  }

  get state(): BuildState {
    return this.#state;
  }

  /** How many events it takes at a time. */
  get batchEvents(): number {
    return this.#batchEvents;
  }

  /** When it may go on after the database failed, by `performance.now()`; 0 when it need not wait. */
  get retryAtMs(): number {
    return this.#retryAtMs;
  }

  /** Whether nothing keeps it from going on. */
  isFree(nowMs: number): boolean {
    return this.#state.failure === undefined && this.#retryAtMs <= nowMs;
  }

  isCaughtUp(head: number): boolean {
    return this.#state.failure === undefined && (this.#wasAtEnd || this.#state.position >= head);
  }

  /** Takes note of what somebody else did to it. Says whether that is anything new. */
  found(state: BuildState): boolean {
    const { position, failure } = this.#state;
    if (state.position === position && state.failure?.failedAt === failure?.failedAt) return false;
    this.#state = state;
    return true;
  }

  /** Lets it go on where a handler failed. */
  async resume(): Promise<void> {
    if (this.#state.failure === undefined) return;
    await this.#options.database.setFailure(this.#options.readModel, undefined, this.#state.build);
    this.#state = { ...this.#state, failure: undefined };
    this.#options.onMoved([]);
  }

  /**
   * Applies a page of events that follow on its position.
   *
   * @param head the end of the log before the page was read
   * @throws what the database throws: the same is to be tried again
   */
  async project(events: readonly RecordedEvent[], head: number): Promise<void> {
    const startedMs = performance.now();
    await this.#apply(events);
    this.#retryMs = 0;
    this.#retryAtMs = 0;
    if (this.#state.position >= head) this.#wasAtEnd = true;
    const tookMs = performance.now() - startedMs;
    const { maxBatchMs } = this.#options;
    const factor = tookMs > maxBatchMs ? 0.5 : tookMs < maxBatchMs / 2 ? 2 : 1;
    const next = Math.floor(this.#batchEvents * factor);
    this.#batchEvents = Math.min(maxBatchEvents, Math.max(minBatchEvents, next));
  }

  /** The log or the database failed, not a handler: the same is tried again, later each time. */
  retryLater(): void {
    this.#retryMs = Math.min(maxRetryMs, Math.max(firstRetryMs, this.#retryMs * 2));
    this.#retryAtMs = performance.now() + this.#retryMs;
  }

  /**
   * Applies events in one transaction. When a handler fails, nothing of it is kept, and it is applied again up to the event
   * that failed; where that is not known, in halves, until the event stands alone.
   */
  async #apply(events: readonly RecordedEvent[]): Promise<void> {
    const to = events.at(-1)!.position;
    const { tables, failure } = await this.#commit(to, events);
    if (failure === undefined) {
      this.#state = { ...this.#state, position: to };
      this.#options.onMoved(tables);
      return;
    }
    const failed = events.length === 1 ? 0 : failure.event === undefined ? -1 : events.indexOf(failure.event);
    const middle = failed >= 0 ? failed : Math.floor(events.length / 2);
    if (middle > 0) await this.#apply(events.slice(0, middle));
    if (this.#state.failure !== undefined) return;
    if (failed >= 0) await this.#fail(events[failed]!, failure.error);
    else await this.#apply(events.slice(middle));
  }

  /** One transaction: the tables that changed, or what a handler could not do. Throws when it is the database that failed. */
  async #commit(
    to: number,
    events: readonly RecordedEvent[],
  ): Promise<{ readonly tables: readonly string[]; readonly failure?: HandlerFailure }> {
    const { readModel, database } = this.#options;
    const { position, build } = this.#state;
    const concerned = events.filter((event) => readModel.handlers.has(event.type));
    let tables: readonly string[] = [];
    let failure: HandlerFailure | undefined;
    const work = async (transaction: ConstructorParameters<typeof Batch>[1]) => {
      if (concerned.length === 0) return;
      const batch = new Batch(readModel, transaction);
      try {
        tables = await batch.apply(concerned);
      } catch (error) {
        if (!(error instanceof ReadDatabaseError)) failure = { error, event: batch.event };
        throw error;
      }
    };
    try {
      await database.advance(readModel, position, to, work, build);
    } catch (error) {
      if (failure === undefined) throw error;
      return { tables: [], failure };
    }
    return { tables };
  }

  async #fail(event: RecordedEvent, error: unknown): Promise<void> {
    const { readModel, database, clock, onMoved, onStopped } = this.#options;
    const failure: ReadModelFailure = {
      position: event.position,
      eventType: event.type,
      message: error instanceof Error ? error.message : String(error),
      failedAt: clock().toISOString(),
    };
    await database.setFailure(readModel, failure, this.#state.build);
    this.#state = { ...this.#state, failure };
    onMoved([]);
    onStopped(event, error);
  }
}
