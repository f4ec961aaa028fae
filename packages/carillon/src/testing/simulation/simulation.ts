import type { Clock } from '../../definitions/clock.js';
import type { CommandRequest } from '../../definitions/command.js';
import type { Duration } from '../../definitions/duration.js';
import type { RecordedEvent } from '../../definitions/event.js';
import type { QueryRequest } from '../../definitions/query.js';
import type { CommandResult } from '../../definitions/receipt.js';

/** What a workload and invariants may do: they stand outside the application, and survive its crashes. */
export interface Simulation {
  readonly clock: Clock;
  /** A whole number from 0, below `bound`: the same for the same seed. */
  below(bound: number): number;
  /** One of the list. */
  pick<T>(list: readonly T[]): T;
  /** Whether something happens that has this probability, from 0 to 1. */
  chance(probability: number): boolean;
  /** Lets simulated time pass. */
  sleep(duration: Duration): Promise<void>;
  /**
   * Sends a command, again and again under the same id until it is answered: the application may crash meanwhile.
   *
   * @throws what the application throws
   */
  execute<Code extends string>(request: CommandRequest<string, any, Code>): Promise<CommandResult<Code>>;
  /** Asks a query of the read models as they are now; they may be behind. */
  query<Result>(request: QueryRequest<string, any, Result>): Promise<Result>;
  /** Every durable event, in order; those of some types when they are named. */
  events(...types: string[]): readonly RecordedEvent[];
}
