import type { Actor } from '../definitions/actor.js';
import type { ReadModelState } from '../read-database/read-database.js';
import type { Progress } from './progress.js';
import type { EncodedAnswer } from './running-application.js';

/** Where the projections run: on this thread or on another. */
export interface ProjectionHost {
  /** Says that the log has grown to `head`. */
  wake(head: number): void;
  /** Hears every move of a read model. One listener. */
  onProgress(listener: (progress: Progress) => void): void;
  /** Where every read model stands, by name. */
  states(): Promise<ReadonlyMap<string, ReadModelState>>;
  /** Empties a read model and builds it again. Resolves when it has begun from 0. */
  rebuild(readModel: string): Promise<void>;
  /** Lets a failed read model try again. */
  resume(readModel: string): Promise<void>;
  /** Finishes the batch that is being applied, and lets go. */
  close(): Promise<void>;
}

/** Where queries run: on this thread or on another. */
export interface QueryHost {
  /** Answers a query whose parameters were validated. `tables` are those it read, by their declared names. */
  answer(query: string, params: unknown, actor: Actor | undefined): Promise<HostedAnswer>;
  close(): Promise<void>;
}

/** An answer, and the tables it was read from. */
export interface HostedAnswer extends EncodedAnswer {
  readonly tables: readonly string[];
}
