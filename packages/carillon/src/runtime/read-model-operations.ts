import type { Application } from '../definitions/application.js';
import type { Clock } from '../definitions/clock.js';
import type { Log } from '../log/log.js';
import { ReadModelFailedError } from '../querying/querying-errors.js';
import type { ReadModelPositions } from '../querying/read-model-positions.js';
import type { ReadModelState } from '../read-database/read-database.js';
import type { ProjectionHost } from './hosts.js';
import { readModelStatus } from './read-model-status.js';
import type { ReadModelStatus } from './running-application.js';
import { UnknownReadModelError } from './runtime-errors.js';

/** What the operations work with. */
export interface ReadModelOperationsParts {
  readonly application: Application<any, any>;
  readonly log: Log;
  readonly positions: ReadModelPositions;
  readonly projections: ProjectionHost;
  readonly clock: Clock;
}

/** What an operator sees of the read models of an application, and does with them. */
export class ReadModelOperations {
  readonly #parts: ReadModelOperationsParts;
  readonly #names: readonly string[];

  constructor(parts: ReadModelOperationsParts) {
    this.#parts = parts;
    this.#names = [...parts.application.readModels.keys()];
  }

  async statuses(): Promise<readonly ReadModelStatus[]> {
    const head = await this.#parts.log.head();
    return Promise.all(this.#names.map((name) => this.#status(name, head)));
  }

  async rebuild(name: string, onProgress: ((status: ReadModelStatus) => void) | undefined): Promise<void> {
    this.#checkName(name);
    const { positions, projections, log } = this.#parts;
    const head = await log.head();
    const build = await projections.rebuild(name);
    let stopListening = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        const look = () => {
          const state = positions.get(name);
          const { failure } = state.next?.build === build ? state.next : state;
          const isIt = state.build >= build && state.isServing;
          if (onProgress !== undefined) void this.#status(name, head).then(onProgress);
          if (isIt && state.position >= head) resolve();
          else if (failure !== undefined && (isIt || state.next !== undefined || !state.isServing)) {
            reject(new ReadModelFailedError(name, failure, state.isServing));
          }
        };
        stopListening = positions.onMove(({ readModel }) => {
          if (readModel === name) look();
        });
        look();
      });
    } finally {
      stopListening();
    }
  }

  async resume(name: string): Promise<void> {
    this.#checkName(name);
    await this.#parts.projections.resume(name);
  }

  /** Whether none has anything to do, as long as nobody mends those that failed. */
  areAtRest(head: number): boolean {
    return this.#names.every((name) => isAtRest(this.#parts.positions.get(name), head));
  }

  /** Resolves when each that had something to do has moved, one after the other. */
  async moved(head: number): Promise<void> {
    for (const name of this.#names) {
      if (!isAtRest(this.#parts.positions.get(name), head)) await this.#nextMoveOf(name);
    }
  }

  #nextMoveOf(name: string): Promise<void> {
    return new Promise((resolve) => {
      const stopListening = this.#parts.positions.onMove(({ readModel }) => {
        if (readModel !== name) return;
        stopListening();
        resolve();
      });
    });
  }

  #checkName(name: string): void {
    if (!this.#names.includes(name)) throw new UnknownReadModelError(name, this.#names);
  }

  #status(name: string, head: number): Promise<ReadModelStatus> {
    const { application, positions, log, clock } = this.#parts;
    return readModelStatus(application.readModels.get(name)!, positions.get(name), log, head, clock().getTime());
  }
}

function isAtRest({ position, failure, isServing, next }: ReadModelState, head: number): boolean {
  if (next !== undefined && next.failure === undefined) return false;
  return failure !== undefined || (isServing && position >= head);
}
