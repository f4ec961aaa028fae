import type { Actor } from '../definitions/actor.js';
import type { Application } from '../definitions/application.js';
import type { CommandRequest } from '../definitions/command.js';
import type { JsonObject } from '../definitions/json.js';
import type { AnyReaction } from '../definitions/module.js';
import type { Answer, QueryRequest } from '../definitions/query.js';
import type { CommandResult, Receipt } from '../definitions/receipt.js';
import type { Log } from '../log/log.js';
import type { Claimant } from '../reacting/claim.js';
import type { ProcessView } from '../reacting/process-log.js';
import type { ReactionState } from '../reacting/reactions.js';
import type { ReadModelFailure } from '../read-database/read-database.js';
import type { RelayLag } from './relay-status.js';
import type { Role } from './roles.js';

/** What may be said with a command. */
export interface ExecuteOptions {
  /**
   * The command's id, at most 200 characters. A command sent again with its id has no second effect, and gets the same
   * receipt when it made events; otherwise it is decided anew. Without one it gets a UUID, and nobody can send it again.
   */
  readonly commandId?: string | undefined;
  readonly actor?: Actor | undefined;
  /** Recorded with every event that the command makes. */
  readonly metadata?: JsonObject | undefined;
}

/** What may be said with a query. */
export interface AskOptions {
  /** Wait until the read model has got this far: a receipt, or a position. */
  readonly after?: Receipt | number | undefined;
  /** How long to wait for that, and for a read model that is built for the first time, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  readonly actor?: Actor | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer as it goes over the wire. */
export interface EncodedAnswer {
  /** The result as JSON. */
  readonly json: string;
  readonly position: number;
  /** The same for the same result: a hash of `json`, in 22 characters of base64url. */
  readonly hash: string;
}

/** Where a read model stands, next to the log. */
export interface ReadModelStatus {
  readonly name: string;
  readonly version: number;
  /**
   * `building` until it has caught up for the first time, then `behind` or, when it is not more than a moment behind (10 seconds, or
   * 1,000 events), `current`;
   * `failed` when a handler failed.
   */
  readonly status: 'building' | 'behind' | 'current' | 'failed';
  /** Whether queries are answered from it: it has caught up once. A rebuild changes nothing about that. */
  readonly isServing: boolean;
  readonly position: number;
  /** The head of the log when this was said. */
  readonly head: number;
  /** Events between position and head: those not looked at yet; 0 when none of them is one that it handles. */
  readonly lagEvents: number;
  /** The age of the oldest event that it handles and has not looked at yet, in milliseconds; 0 when there is none. */
  readonly lagMs: number;
  readonly failure: ReadModelFailure | undefined;
  /** What is being built: its first tables, or those of a rebuild, which replace the ones that serve when they have caught up. */
  readonly building: BuildProgress | undefined;
}

/** How far tables that do not serve yet have got. */
export interface BuildProgress {
  readonly position: number;
  /** The part of the log that is in them, from 0 to 1. */
  readonly share: number;
  /** When they will be done if it goes on as it went so far, in milliseconds; undefined when that cannot be told. */
  readonly remainingMs: number | undefined;
  /** Why the build stopped, when it did. What serves goes on. */
  readonly failure: ReadModelFailure | undefined;
}

/** Where a reaction or process manager stands, next to the log. */
export interface ReactionStatus extends ReactionState {
  /** `behind` when it is more than a moment behind; `parked` when an event waits for an operator. */
  readonly status: 'behind' | 'current' | 'parked';
  /** The head of the log when this was said. */
  readonly head: number;
  /** Events between position and head: those not looked at yet. */
  readonly lagEvents: number;
  /** The age of the oldest event not done yet, in milliseconds; 0 when there is none. */
  readonly lagMs: number;
}

/** Work that one process at a time does. */
export interface SharedWork {
  /** A name of its own among the work of the application. */
  readonly name: string;
  /** What is alike is spread evenly over the processes. */
  readonly group: string;
  /** Begins. `claimant` is given where processes share the work. Resolves to what ends it. */
  start(claimant: Claimant | undefined): Promise<() => Promise<void>>;
  /** Where it stands, if it is a relay or an inbox; undefined while this process does not do it. */
  status?(): Promise<RelayLag | undefined>;
}

/** What an operator may say of himself. */
export interface OperatorOptions {
  /** Who it is: recorded with what he does. */
  readonly by?: string | undefined;
}

/** An application at work: it takes commands, keeps its read models up to date and answers queries. */
export interface RunningApplication {
  readonly application: Application<any, any>;
  /** The log. Append to it only what no command covers: imports, tests. */
  readonly log: Log;
  /** What this process does; what it does not do another one does. */
  readonly roles: readonly Role[];

  /**
   * Executes a command.
   *
   * @returns a receipt once its events are durable, or a rejection with one of the command's codes
   * @throws ValidationError, ForbiddenError, CommandConflictError after too many conflicts, CommandIdReusedError,
   * LogOverloadedError, LogWriteError, NotRunningError; RoleError when this process takes no commands
   */
  execute<Code extends string>(
    request: CommandRequest<string, any, Code>,
    options?: ExecuteOptions,
  ): Promise<CommandResult<Code>>;

  /**
   * Answers a query. While its read model is built for the first time, it waits until that has caught up.
   *
   * @throws ValidationError, ForbiddenError, ReadModelBehindError when it has not got to `after` in time,
   * ReadModelBuildingError when it has not caught up for the first time in time,
   * PositionAheadError when `after` is beyond the log's head, ReadModelFailedError when it waits for a stopped read model,
   * NotRunningError; RoleError when this process answers no queries
   */
  query<Result>(request: QueryRequest<string, any, Result>, options?: AskOptions): Promise<Answer<Result>>;

  /** The same as `query`, encoded once: for edges. */
  answer(request: QueryRequest, options?: AskOptions): Promise<EncodedAnswer>;

  /**
   * Answers a query now, and again whenever its answer has changed, until `signal` is aborted or the loop is left.
   * Answers that come faster than they are taken are skipped: the latest counts.
   */
  subscribe<Result>(request: QueryRequest<string, any, Result>, options?: AskOptions): AsyncIterable<Answer<Result>>;

  /** The same as `subscribe`, encoded: for edges. */
  answers(request: QueryRequest, options?: AskOptions): AsyncIterable<EncodedAnswer>;

  /** Where every read model stands. */
  readModels(): Promise<readonly ReadModelStatus[]>;

  /**
   * Builds a read model again from the log, while commands and queries go on: the new tables are made beside those that serve, and
   * replace them in one transaction when they have caught up. Resolves when that is done and the head at the time of the call is
   * in them.
   *
   * @throws UnknownReadModelError, ReadModelFailedError
   */
  rebuild(readModel: string, options?: { onProgress?: (status: ReadModelStatus) => void }): Promise<void>;

  /** Lets a failed read model try again where it stopped. */
  resume(readModel: string): Promise<void>;

  /** Where every reaction and process manager at work stands. */
  reactions(): Promise<readonly ReactionStatus[]>;

  /**
   * Starts a reaction or process manager that the application does not have, beside those that it has: while it runs. One that was
   * started before under the same name goes on where it was.
   *
   * @throws ReactionRunningError when one of that name is at work; RoleError where the process does not have the role `work`; NotRunningError
   */
  addReaction(reaction: AnyReaction): Promise<void>;

  /**
   * Stops a reaction. What it has not done is done when it is started again.
   *
   * @throws UnknownReactionError, NotRunningError
   */
  stopReaction(name: string): Promise<void>;

  /**
   * Lets a parked event be tried again, and then what waits behind it. Resolves when that is recorded; see `reactions` for what
   * becomes of it.
   *
   * @throws UnknownReactionError, NotParkedError, NotRunningError
   */
  retryParked(reaction: string, position: number, options?: OperatorOptions): Promise<void>;

  /**
   * Gives a parked event up for good, and lets what waits behind it go on. The reason is recorded in the log.
   *
   * @throws UnknownReactionError, NotParkedError, NotRunningError
   */
  skipParked(reaction: string, position: number, reason: string, options?: OperatorOptions): Promise<void>;

  /**
   * The keys of the processes of a process manager that last decided something, the latest first: `limit` of them, 100 by default and
   * 1,000 at most.
   *
   * @throws UnknownReactionError
   */
  processes(processManager: string, options?: { readonly limit?: number }): Promise<readonly string[]>;

  /** One process: its state, its timers and what led to it. @throws UnknownReactionError, UnknownProcessError */
  process(processManager: string, key: string): Promise<ProcessView>;

  /**
   * Resolves when there is nothing left to do: read models and reactions have got to the head of the log, and no timer is due.
   * Parked events and timers that wait do not count; what is tried again later does. Where other processes share the work, it goes by
   * what they have recorded.
   */
  idle(): Promise<void>;

  /** Where every relay and inbox stands that is at work in this process. */
  relays(): Promise<readonly RelayLag[]>;

  /**
   * Does a piece of work as long as the application runs: in one of the processes that share it, or in this one when it is the only
   * one. Where processes share the work, those without the role `work` never do it.
   */
  share(work: SharedWork): Promise<void>;

  /** Whether it can serve now, and what is not as it should be. */
  health(): Promise<Health>;

  /** Refuses new work, finishes what was begun, writes everything, and lets go. */
  close(): Promise<void>;
}

/** Whether an application can serve. */
export interface Health {
  readonly ready: boolean;
  /** What is wrong, in words for an operator; empty when nothing is. */
  readonly problems: readonly string[];
}
