import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Application } from '../definitions/application.js';
import { type Clock, systemClock } from '../definitions/clock.js';
import { CarillonError } from '../definitions/errors.js';
import type { RecordedEvent } from '../definitions/event.js';
import type { Log } from '../log/log.js';
import { allEvents } from '../log/log-query.js';
import type { ReadDatabaseWriter, ReadModelState } from '../read-database/read-database.js';
import { BuildGoneError, CheckpointMovedError } from '../read-database/read-database-errors.js';
import { ProjectedModel, type Stop } from './projected-model.js';
import type { Projection } from './projection.js';

/** How often it looks whether somebody else rebuilt or resumed a read model, in milliseconds. */
const lookIntervalMs = 1_000;

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
  /** Hears once of every failure of a handler. */
  readonly onStopped?: (stop: Stop) => void;
  /** Hears of failures that are no handler's (the disk is full, the log cannot be read). The same is tried again. */
  readonly onError?: (error: unknown, readModel: string) => void;
  readonly clock?: Clock;
  /** Whether somebody else may rebuild or resume read models meanwhile. Default true. */
  readonly looksForOthers?: boolean;
}

/** A build of a read model that has something to do. */
interface Due {
  readonly model: ProjectedModel;
  readonly projection: Projection;
}

/**
 * Keeps the read models of an application up to date: reads the log once for all that stand at the same position, and
 * moves each in a transaction of its own. What is built anew is built beside what serves, and replaces it when it has caught up.
 *
 * A handler that fails stops its own read model before the event, until `resume` or `rebuild`; the others go on.
 */
export class Projector {
  readonly #log: Pick<Log, 'read' | 'head'>;
  readonly #looksForOthers: boolean;
  readonly #onError: (error: unknown, readModel: string) => void;
  readonly #models = new Map<string, ProjectedModel>();
  #head = 0;
  #running: Promise<void> | undefined;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  /** What was asked for between two batches: rebuilds and resumes. */
  readonly #requests: { run(): Promise<void>; cancel(): void }[] = [];

  constructor(options: ProjectorOptions) {
    this.#log = options.log;
    this.#looksForOthers = options.looksForOthers ?? true;
    this.#onError = options.onError ?? (() => undefined);
    const { database, clock = systemClock, onProgress = () => undefined, onStopped = () => undefined } = options;
    for (const readModel of options.application.readModels.values()) {
      const onMoved = (tables: readonly string[]) => onProgress({ readModel: readModel.name, tables, ...model.state });
      const told = (stop: Omit<Stop, 'readModel'>) => onStopped({ readModel: readModel.name, ...stop });
      const model: ProjectedModel = new ProjectedModel({ readModel, database, clock, onMoved, onStopped: told });
      this.#models.set(readModel.name, model);
    }
  }

  /**
   * Makes the tables that are not there, and begins to catch up. Read models that had stopped try again; those that are
   * ahead of the log, which happens when an older log was put in its place, are emptied and built anew. What has nothing to catch
   * up with serves at once.
   *
   * @throws ReadModelChangedError when a declaration changed and its version did not
   */
  async start(): Promise<void> {
    const head = await this.#log.head();
    this.#head = Math.max(this.#head, head);
    for (const model of this.#models.values()) {
      await model.prepare(head);
      await this.#settle(model);
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
    return new Map([...this.#models].map(([name, model]) => [name, model.state]));
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

  /**
   * Begins to build a read model anew beside the tables that serve, which it replaces when it has caught up. Resolves when it has
   * begun, with the number of that build.
   */
  rebuild(readModel: string): Promise<number> {
    return this.#between(readModel, (model) => model.rebuild());
  }

  /** Lets a read model that failed try again where it stopped, and what is built beside it. */
  resume(readModel: string): Promise<void> {
    return this.#between(readModel, (model) => model.resume());
  }

  /** Finishes the batch that is being applied. Does not close log and database. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    clearInterval(this.#looking);
    await this.#running;
    for (const request of this.#requests.splice(0)) request.cancel();
  }

  #between<T>(readModel: string, work: (model: ProjectedModel) => Promise<T>): Promise<T> {
    const model = this.#models.get(readModel);
    if (model === undefined) {
      return Promise.reject(new CarillonError('read-model-unknown', `There is no read model ${readModel}.`));
    }
    const closed = new CarillonError('projector-closed', 'The projections are closed. Start the application again.');
    if (this.#closing) return Promise.reject(closed);
    return new Promise((resolve, reject) => {
      this.#requests.push({ run: () => work(model).then(resolve, reject), cancel: () => reject(closed) });
      this.wake(this.#head);
    });
  }

  async #look(): Promise<void> {
    for (const model of this.#models.values()) await model.look();
  }

  #hasWork(): boolean {
    if (this.#closing) return false;
    return this.#requests.length > 0 || this.#due().length > 0 || [...this.#models.values()].some(this.#isSettling);
  }

  /** The builds that are behind and may go on, those that serve first. */
  #due(): Due[] {
    const nowMs = performance.now();
    const all = [...this.#models.values()].flatMap((model) =>
      model.projections.map((projection, rank) => ({ model, projection, rank })),
    );
    return all
      .filter(({ projection }) => projection.state.position < this.#head && projection.isFree(nowMs))
      .sort((a, b) => a.rank - b.rank);
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      for (let request = this.#requests.shift(); request !== undefined; request = this.#requests.shift())
        await request.run();
      for (const model of this.#models.values()) await this.#settle(model);
      const due = this.#due();
      if (due.length === 0) break;
      await this.#advance(due);
      await nextTurn();
    }
    this.#wakeForRetries();
  }

  /** Lets what has caught up serve. */
  async #settle(model: ProjectedModel): Promise<void> {
    if (!this.#isSettling(model)) return;
    const projection = model.caughtUp(this.#head)!;
    try {
      await model.serve(projection);
    } catch (error) {
      await this.#failed(model, projection, error);
    }
  }

  readonly #isSettling = (model: ProjectedModel): boolean =>
    model.caughtUp(this.#head)?.isFree(performance.now()) === true;

  /** Moves the projections that stand farthest behind by one page of the log; those that stand elsewhere have their turn next. */
  async #advance(due: readonly Due[]): Promise<void> {
    const groups = new Map<number, Due[]>();
    for (const one of due) {
      const { position } = one.projection.state;
      const group = groups.get(position);
      if (group === undefined) groups.set(position, [one]);
      else group.push(one);
    }
    for (const [position, group] of groups) {
      if (this.#closing) return;
      const head = this.#head;
      let events: readonly RecordedEvent[];
      try {
        const limit = Math.max(...group.map(({ projection }) => projection.batchEvents));
        events = await this.#log.read(allEvents, { after: position, limit });
      } catch (error) {
        for (const { model, projection } of group) this.#retryLater(model, projection, error);
        continue;
      }
      // The log is shorter than we were told: nothing to do until we are told again.
      if (events.length === 0) this.#head = Math.min(this.#head, position);
      else for (const one of group) await this.#project(one, events, head);
    }
  }

  async #project({ model, projection }: Due, events: readonly RecordedEvent[], head: number): Promise<void> {
    try {
      await projection.project(events.slice(0, projection.batchEvents), head);
    } catch (error) {
      await this.#failed(model, projection, error);
    }
  }

  /** Somebody else may have been at it: then what he did is taken up. */
  async #failed(model: ProjectedModel, projection: Projection, error: unknown): Promise<void> {
    if (error instanceof CheckpointMovedError || error instanceof BuildGoneError) await model.look();
    if (model.projections.includes(projection)) this.#retryLater(model, projection, error);
  }

  #wakeForRetries(): void {
    clearTimeout(this.#timer);
    if (this.#closing) return;
    const retries = [...this.#models.values()]
      .flatMap((model) => model.projections)
      .filter(({ state, retryAtMs }) => state.failure === undefined && retryAtMs > performance.now())
      .map(({ retryAtMs }) => retryAtMs);
    if (retries.length === 0) return;
    const delayMs = Math.max(1, Math.min(...retries) - performance.now());
    this.#timer = setTimeout(() => this.wake(this.#head), delayMs);
    this.#timer.unref();
  }

  #retryLater(model: ProjectedModel, projection: Projection, error: unknown): void {
    projection.retryLater();
    this.#onError(error, model.readModel.name);
  }
}
