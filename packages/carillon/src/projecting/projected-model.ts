import type { Clock } from '../definitions/clock.js';
import type { RecordedEvent } from '../definitions/event.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { BuildState, ReadDatabaseWriter, ReadModelState } from '../read-database/read-database.js';
import { Projection } from './projection.js';

/** How long a batch may take, in milliseconds: of what serves, and of what is built beside it, for which nobody waits. */
const maxBatchMs = 200;
const maxBatchBesideMs = 50;

/** What a projected read model is made of. */
export interface ProjectedModelOptions {
  readonly readModel: ReadModelDefinition<string, any>;
  readonly database: ReadDatabaseWriter;
  readonly clock: Clock;
  /** Called after each change with the tables that changed for those who query, by their declared names. */
  readonly onMoved: (tables: readonly string[]) => void;
  /** Called when a handler failed. */
  readonly onStopped: (stop: Omit<Stop, 'readModel'>) => void;
}

/** A handler failed, and its read model has stopped before the event. */
export interface Stop {
  readonly readModel: string;
  readonly event: RecordedEvent;
  readonly error: unknown;
  /** It is not what serves that has stopped, but what is built beside it. */
  readonly isBeside: boolean;
}

/** A read model that is kept up to date: the build that serves, or will be the first to, and the one beside it. */
export class ProjectedModel {
  readonly readModel: ReadModelDefinition<string, any>;
  readonly #options: ProjectedModelOptions;
  #current: Projection;
  #next: Projection | undefined;
  #isServing = false;
  #hasReplaced = true;

  constructor(options: ProjectedModelOptions) {
    this.readModel = options.readModel;
    this.#options = options;
    this.#current = this.#projection({ build: 0, position: 0, failure: undefined, begunAt: '' }, maxBatchMs);
  }

  get state(): ReadModelState {
    return { ...this.#current.state, isServing: this.#isServing, next: this.#next?.state };
  }

  /** What serves comes first. */
  get projections(): readonly Projection[] {
    return this.#next === undefined ? [this.#current] : [this.#current, this.#next];
  }

  /**
   * Makes the tables that are not there, and lets what had stopped try again. What is ahead of the log is built anew.
   *
   * @throws ReadModelChangedError
   */
  async prepare(head: number): Promise<void> {
    const { database } = this.#options;
    let state = await database.prepare(this.readModel);
    if (state.position > head) {
      await database.reset(this.readModel);
      state = await database.prepare(this.readModel);
    } else if ((state.next?.position ?? 0) > head) {
      state = await database.beginBuild(this.readModel);
    }
    for (const { build, failure } of [state, ...(state.next === undefined ? [] : [state.next])]) {
      if (failure !== undefined) await database.setFailure(this.readModel, undefined, build);
    }
    this.#adopt({ ...state, failure: undefined, next: state.next && { ...state.next, failure: undefined } });
  }

  /** Takes note of what others did: the command line rebuilds and resumes while the application runs. */
  async look(): Promise<void> {
    if (this.#hasReplaced) await this.#dropReplaced();
    const found = await this.#options.database.state(this.readModel).catch(() => undefined);
    if (found === undefined) return;
    const { build, position, failure, isServing, next } = this.state;
    const isSame = found.build === build && found.position === position && found.isServing === isServing;
    const isSameNext = found.next?.build === next?.build && found.next?.position === next?.position;
    const isSameFailure = found.failure?.failedAt === failure?.failedAt;
    const isSameNextFailure = found.next?.failure?.failedAt === next?.failure?.failedAt;
    if (isSame && isSameNext && isSameFailure && isSameNextFailure) return;
    this.#adopt(found);
    this.#options.onMoved(isSame ? [] : this.#tables());
  }

  /** Begins to build it anew beside the tables that serve. Gives the number of that build. */
  async rebuild(): Promise<number> {
    const state = await this.#options.database.beginBuild(this.readModel);
    this.#adopt(state);
    this.#options.onMoved([]);
    return (state.next ?? state).build;
  }

  async resume(): Promise<void> {
    for (const projection of this.projections) await projection.resume();
  }

  /** The build that has caught up and should serve from now on, if there is one. */
  caughtUp(head: number): Projection | undefined {
    if (!this.#isServing) return this.#current.isCaughtUp(head) ? this.#current : undefined;
    const next = this.#next;
    if (next === undefined || next.state.failure !== undefined) return undefined;
    const { position, failure } = this.#current.state;
    // What stopped is replaced only by what has got to the end: it could stop at the same event.
    const isEnough = failure === undefined ? next.state.position >= position : next.isCaughtUp(head);
    return isEnough ? next : undefined;
  }

  /** Lets a build serve that has caught up. */
  async serve(projection: Projection): Promise<void> {
    const { database, onMoved } = this.#options;
    if (!(await database.serve(this.readModel, projection.state.build))) return this.look();
    const isOther = projection === this.#next;
    if (isOther) {
      this.#current = this.#projection(projection.state, maxBatchMs);
      this.#next = undefined;
    }
    this.#isServing = true;
    // Nothing was answered from a first build before.
    onMoved(isOther ? this.#tables() : []);
    if (isOther) await this.#dropReplaced();
  }

  #adopt({ isServing, next, ...current }: ReadModelState): void {
    this.#isServing = isServing;
    if (this.#current.state.build === current.build) this.#current.found(current);
    else this.#current = this.#projection(current, maxBatchMs);
    if (next === undefined) this.#next = undefined;
    else if (this.#next?.state.build === next.build) this.#next.found(next);
    else this.#next = this.#projection(next, maxBatchBesideMs);
  }

  /** What cannot be dropped now is dropped later: nobody waits for it. */
  async #dropReplaced(): Promise<void> {
    try {
      this.#hasReplaced = !(await this.#options.database.dropReplaced(this.readModel));
    } catch {
      this.#hasReplaced = true;
    }
  }

  #projection(state: BuildState, batchMs: number): Projection {
    const { readModel, database, clock, onMoved, onStopped } = this.#options;
    const projection: Projection = new Projection({
      ...{ readModel, database, clock, state, maxBatchMs: batchMs },
      onMoved: (tables) => onMoved(projection === this.#current ? tables : []),
      onStopped: (event, error) => onStopped({ event, error, isBeside: projection === this.#next }),
    });
    return projection;
  }

  #tables(): readonly string[] {
    return Object.keys(this.readModel.tables);
  }
}
