import type { Application } from '../definitions/application.js';
import type { Clock } from '../definitions/clock.js';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { LeaseKeeper } from '../leasing/lease-keeper.js';
import type { Log } from '../log/log.js';
import { Projector } from '../projecting/projector.js';
import type { Move, ReadModelPositions } from '../querying/read-model-positions.js';
import type { ReadDatabaseWriter, ReadModelState } from '../read-database/read-database.js';
import type { ProjectionHost } from './hosts.js';
import { projectionWarnings } from './projection-warning.js';

/** What shared projections work with. */
export interface SharedProjectionsParts {
  readonly application: Application<any, any>;
  readonly log: Log;
  readonly clock: Clock;
  readonly positions: ReadModelPositions;
  readonly openWriter: () => Promise<ReadDatabaseWriter>;
}

/** The name of the lease of a version of a read model. */
export function leaseOf({ name, version }: ReadModelDefinition<string, any>): string {
  return `read-model:${name}@${version}`;
}

/**
 * Read models that several processes keep up to date, each by one process at a time: whoever has its lease. Should another one
 * still be at it, the database sees that the checkpoint moved, and refuses the later of the two.
 */
export class SharedProjections implements ProjectionHost {
  readonly initial = new Map();
  readonly #parts: SharedProjectionsParts;
  readonly #projectors = new Map<string, Projector>();
  readonly #warnings: ReturnType<typeof projectionWarnings>;
  /** What was told last of read models that this process moves. */
  readonly #heard = new Map<string, Move>();
  #writer: Promise<ReadDatabaseWriter> | undefined;
  /** What a projector that is being started would miss. */
  #head = 0;

  constructor(parts: SharedProjectionsParts) {
    this.#parts = parts;
    this.#warnings = projectionWarnings((progress) => parts.positions.moved(progress));
  }

  /** Takes part in the work on every read model. */
  share(keeper: LeaseKeeper): void {
    for (const readModel of this.#parts.application.readModels.values()) {
      keeper.add({ name: leaseOf(readModel), group: 'read-models', start: () => this.#start(readModel) });
    }
  }

  /**
   * Takes note of what is told of a read model. While this process moves it, it knows best itself where that stands: what is told is kept
   * until it ends, because it may have been another that moved it, and nobody tells of that again.
   */
  heard(move: Move): void {
    if (this.#projectors.has(move.readModel)) this.#heard.set(move.readModel, move);
    else this.#parts.positions.moved(move);
  }

  wake(head: number): void {
    if (head > this.#head) this.#head = head;
    for (const projector of this.#projectors.values()) projector.wake(head);
  }

  /** Whoever moves it notices. */
  async rebuild(readModel: string): Promise<number> {
    const own = this.#projectors.get(readModel);
    if (own !== undefined) return own.rebuild(readModel);
    const writer = await this.#open();
    const state = await writer.beginBuild(this.#definition(readModel));
    return (state.next ?? state).build;
  }

  /** Whoever moves it notices. */
  async resume(readModel: string): Promise<void> {
    const own = this.#projectors.get(readModel);
    if (own !== undefined) return own.resume(readModel);
    const writer = await this.#open();
    const definition = this.#definition(readModel);
    const state = await writer.state(definition);
    for (const one of [state, state?.next]) {
      if (one?.failure !== undefined) await writer.setFailure(definition, undefined, one.build);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#projectors.values()].map((projector) => projector.close()));
    await (await this.#writer)?.close();
  }

  async #start(readModel: ReadModelDefinition<string, any>): Promise<() => Promise<void>> {
    const { application, log, clock, positions } = this.#parts;
    const { name } = readModel;
    const before = positions.get(name);
    const projector = new Projector({
      application: { ...application, readModels: new Map([[name, readModel]]) },
      log,
      clock,
      database: await this.#open(),
      ...this.#warnings,
    });
    await projector.start();
    this.#projectors.set(name, projector);
    projector.wake(this.#head);
    const state = projector.states().get(name);
    // Whoever moved it up to here may have told nobody: this process does not listen to that any more.
    if (state !== undefined)
      this.#warnings.onProgress({ readModel: name, ...state, tables: moved(before, state, readModel) });
    return async () => {
      this.#projectors.delete(name);
      await projector.close();
      this.#takeOver(readModel);
    };
  }

  /** Takes up what was told while this process moved a read model, and is more than it knew. */
  #takeOver(readModel: ReadModelDefinition<string, any>): void {
    const { positions } = this.#parts;
    const heard = this.#heard.get(readModel.name);
    this.#heard.delete(readModel.name);
    const known = positions.get(readModel.name);
    if (heard === undefined || heard.build < known.build) return;
    if (heard.build === known.build && heard.position < known.position) return;
    positions.moved({ ...heard, tables: moved(known, heard, readModel) });
  }

  #open(): Promise<ReadDatabaseWriter> {
    this.#writer ??= this.#parts.openWriter();
    // The next one who wants it tries again.
    this.#writer.catch(() => {
      this.#writer = undefined;
    });
    return this.#writer;
  }

  #definition(name: string): ReadModelDefinition<string, any> {
    return this.#parts.application.readModels.get(name)!;
  }
}

/** The tables that may have changed on the way from one state to another. */
function moved(
  from: ReadModelState,
  to: ReadModelState,
  { tables }: ReadModelDefinition<string, any>,
): readonly string[] {
  return from.build === to.build && from.position === to.position ? [] : Object.keys(tables);
}
