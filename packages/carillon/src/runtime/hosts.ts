import type { Actor } from '../definitions/actor.js';
import type { Progress } from '../projecting/projector.js';
import type { RunAnswer } from '../querying/query-runner.js';
import type { ReadModelState } from '../read-database/read-database.js';

/** Where the projections run: on this thread or on another. */
export interface ProjectionHost {
  /** Where every read model stood when the host was made, by name. */
  readonly initial: ReadonlyMap<string, ReadModelState>;
  /** Says that the log has grown to `head`. Who hears it often may take it up a few milliseconds later, unless someone waits. */
  wake(head: number, isAwaited?: boolean): void;
  /** Begins to build a read model anew beside the tables that serve. Resolves when it has begun, with the number of that build. */
  rebuild(readModel: string): Promise<number>;
  /** Lets a failed read model try again. */
  resume(readModel: string): Promise<void>;
  /** Finishes the batch that is being applied, and lets go. */
  close(): Promise<void>;
}

/** Hears every move of a read model. */
export type ProgressListener = (progress: Progress) => void;

/** Where queries run: on this thread or on another. */
export interface QueryHost {
  /** Answers a query whose parameters were checked. */
  run(query: string, params: unknown, actor: Actor | undefined): Promise<RunAnswer>;
  close(): Promise<void>;
}
