import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { CommandExecutor } from '../deciding/command-executor.js';
import type { Application } from '../definitions/application.js';
import type { Clock } from '../definitions/clock.js';
import type { CommandRequest } from '../definitions/command.js';
import type { AnyReaction } from '../definitions/module.js';
import type { Answer, QueryRequest } from '../definitions/query.js';
import type { CommandResult } from '../definitions/receipt.js';
import type { LeaseKeeper } from '../leasing/lease-keeper.js';
import type { Log } from '../log/log.js';
import type { ReadModelPositions } from '../querying/read-model-positions.js';
import type { ProcessView } from '../reacting/process-log.js';
import type { Reactions } from '../reacting/reactions.js';
import { Asking } from './asking.js';
import { Closing } from './closing.js';
import type { ProjectionHost, QueryHost } from './hosts.js';
import type { OperatorRequests } from './operator-requests.js';
import { reactionStatus } from './reaction-status.js';
import { ReadModelOperations } from './read-model-operations.js';
import { problemsOf } from './read-model-status.js';
import { problemOfRelay, type RelayLag } from './relay-status.js';
import { type Role, RoleError } from './roles.js';
import type {
  AskOptions,
  EncodedAnswer,
  ExecuteOptions,
  Health,
  OperatorOptions,
  ReactionStatus,
  ReadModelStatus,
  RunningApplication,
  SharedWork,
} from './running-application.js';
import { NotRunningError } from './runtime-errors.js';

/** How often it is looked how far other processes have got, in milliseconds. */
const lookIntervalMs = 100;

/** The parts of an application at work. */
export interface RunningParts {
  readonly application: Application<any, any>;
  readonly log: Log;
  readonly executor: CommandExecutor;
  readonly projections: ProjectionHost;
  /** Undefined where the process answers no queries. */
  readonly queries: QueryHost | undefined;
  readonly positions: ReadModelPositions;
  readonly reactions: Reactions;
  readonly requests: OperatorRequests | undefined;
  readonly clock: Clock;
  readonly roles: readonly Role[];
  /** Shares out the work, where processes do. */
  readonly keeper?: LeaseKeeper | undefined;
  /** The name of this process among those that share the work. */
  readonly member?: string;
  /** Follows where other processes move the read models. */
  readonly follower?: { close(): Promise<void> };
  /** Whether it can serve though a read model is built for the first time: nobody else does. */
  readonly isReadyWhileBuilding: boolean;
  /** How long closing waits for what was begun, before it closes the log, in milliseconds. Default: as long as it takes. */
  readonly closeLimitMs?: number;
  /** Why a thread ended by itself, when one did. */
  readonly failure: () => Error | undefined;
}

/** An application at work, put together from its parts. */
export class Running implements RunningApplication {
  readonly application: Application<any, any>;
  readonly log: Log;
  readonly roles: readonly Role[];
  readonly #parts: RunningParts;
  readonly #asking: Asking;
  readonly #readModels: ReadModelOperations;
  readonly #stopWaking: () => void;
  /** What ends the work that others gave it. */
  readonly #ends: (() => Promise<void>)[] = [];
  readonly #shared: SharedWork[] = [];
  #inFlight = 0;
  #whenIdle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: RunningParts) {
    this.application = parts.application;
    this.log = parts.log;
    this.roles = parts.roles;
    this.#parts = parts;
    this.#asking = new Asking(parts);
    this.#readModels = new ReadModelOperations(parts);
    this.#stopWaking = parts.log.onAppend((head) => {
      parts.projections.wake(head);
      parts.reactions.wake(head);
    });
  }

  execute<Code extends string>(
    request: CommandRequest<string, any, Code>,
    options?: ExecuteOptions,
  ): Promise<CommandResult<Code>> {
    return this.#during(() => {
      if (!this.roles.includes('write')) throw new RoleError('write', 'take commands');
      return this.#parts.executor.execute(request, options);
    });
  }

  async query<Result>(request: QueryRequest<string, any, Result>, options?: AskOptions): Promise<Answer<Result>> {
    return toAnswer<Result>(await this.answer(request, options));
  }

  answer(request: QueryRequest, options: AskOptions = {}): Promise<EncodedAnswer> {
    return this.#during(() => this.#asking.answer(request, options));
  }

  async *subscribe<Result>(
    request: QueryRequest<string, any, Result>,
    options?: AskOptions,
  ): AsyncGenerator<Answer<Result>, void, undefined> {
    for await (const answer of this.answers(request, options)) yield toAnswer<Result>(answer);
  }

  answers(request: QueryRequest, options: AskOptions = {}): AsyncGenerator<EncodedAnswer, void, undefined> {
    return this.#asking.answers(request, options, () => this.#checkOpen());
  }

  readModels(): Promise<readonly ReadModelStatus[]> {
    return this.#readModels.statuses();
  }

  async rebuild(
    readModel: string,
    { onProgress }: { readonly onProgress?: (status: ReadModelStatus) => void } = {},
  ): Promise<void> {
    this.#checkOpen();
    await this.#readModels.rebuild(readModel, onProgress);
  }

  async resume(readModel: string): Promise<void> {
    this.#checkOpen();
    await this.#readModels.resume(readModel);
  }

  async reactions(): Promise<readonly ReactionStatus[]> {
    const { reactions, clock } = this.#parts;
    const head = await this.log.head();
    const states = await reactions.states();
    return Promise.all(states.map((state) => reactionStatus(state, this.log, head, clock().getTime())));
  }

  addReaction(reaction: AnyReaction): Promise<void> {
    return this.#during(() => {
      // Without leases nobody would know that others do it, too.
      if (!this.roles.includes('work')) throw new RoleError('work', 'run reactions');
      return this.#parts.reactions.add(reaction);
    });
  }

  stopReaction(name: string): Promise<void> {
    return this.#during(() => this.#parts.reactions.stop(name));
  }

  retryParked(reaction: string, position: number, { by }: OperatorOptions = {}): Promise<void> {
    return this.#during(() => this.#parts.reactions.retry(reaction, position, by));
  }

  skipParked(reaction: string, position: number, reason: string, { by }: OperatorOptions = {}): Promise<void> {
    return this.#during(() => this.#parts.reactions.skip(reaction, position, reason, by));
  }

  processes(processManager: string, { limit }: { readonly limit?: number } = {}): Promise<readonly string[]> {
    return this.#during(() => this.#parts.reactions.processKeys(processManager, limit));
  }

  process(processManager: string, key: string): Promise<ProcessView> {
    return this.#during(() => this.#parts.reactions.process(processManager, key));
  }

  async idle(): Promise<void> {
    const { reactions, projections } = this.#parts;
    for (;;) {
      const head = await this.log.head();
      reactions.wake(head);
      projections.wake(head, true);
      await reactions.whenDone();
      await this.#readModels.moved(head);
      this.#checkOpen();
      const isRestful = (await this.log.head()) === head && reactions.isIdle(head) && this.#readModels.areAtRest(head);
      if (isRestful && (await this.#othersAreDone(head))) return;
      // What has just become durable is heard of in the next turn.
      await nextTurn();
    }
  }

  async relays(): Promise<readonly RelayLag[]> {
    const statuses = await Promise.all(this.#shared.map((work) => work.status?.()));
    return statuses.filter((status) => status !== undefined);
  }

  async share(work: SharedWork): Promise<void> {
    const { name, group, start } = work;
    await this.#during(async () => {
      this.#shared.push(work);
      const { keeper, member } = this.#parts;
      if (keeper !== undefined && member !== undefined) {
        keeper.add({ name, group, start: (lease) => start({ member, lease }) });
      } else if (this.roles.includes('work')) {
        this.#ends.push(await start(undefined));
      }
    });
  }

  async health(): Promise<Health> {
    const problems: string[] = [];
    if (this.#closing !== undefined) return { ready: false, problems: ['The application is closing.'] };
    const failure = this.#parts.failure();
    if (failure !== undefined) problems.push(failure.message);
    const isWhole = problems.length === 0;
    const readModels = await this.readModels();
    for (const status of readModels) problems.push(...problemsOf(status));
    const ready = isWhole && readModels.every((status) => status.isServing || this.#isReadyThough(status));
    for (const { name, parked } of await this.#parts.reactions.states()) {
      if (parked.length > 0) problems.push(`Reaction ${name} has ${parked.length} parked: retry or skip them.`);
    }
    for (const status of await this.relays()) {
      const problem = problemOfRelay(status);
      if (problem !== undefined) problems.push(problem);
    }
    return { ready, problems };
  }

  /** Whether it can do what it is there for though a read model does not serve yet: not if that has stopped, and queries are asked here. */
  #isReadyThough({ failure }: ReadModelStatus): boolean {
    const { isReadyWhileBuilding, queries } = this.#parts;
    return isReadyWhileBuilding && (failure === undefined || queries === undefined);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#asking.close(new NotRunningError());
    const { requests, keeper, reactions, queries, projections, follower, closeLimitMs } = this.#parts;
    const closing = new Closing(closeLimitMs);
    if (this.#inFlight > 0) await closing.end('commands and queries', () => this.#idle());
    this.#stopWaking();
    await closing.end('requests of operators', () => requests?.close());
    await closing.end('shared work', () => keeper?.close());
    await closing.end('relays and inboxes', () => Promise.all(this.#ends.map((end) => end())));
    await closing.end('reactions', () => reactions.close());
    await closing.end('the follower of read models', () => follower?.close());
    // Queries first: a read-only connection that closes last leaves the write-ahead log behind.
    await closing.end('the connections of queries', () => queries?.close());
    await closing.end('read models', () => projections.close());
    const { unfinished } = closing;
    if (unfinished.length > 0) warnOfUnfinished(this.application.name, unfinished);
    await this.log.close();
    closing.check();
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  /** Whether those parts of the reactions are done that other processes do, as far as these have recorded it. */
  async #othersAreDone(head: number): Promise<boolean> {
    const { keeper, reactions, follower } = this.#parts;
    if (follower === undefined || keeper?.hasAll === true) return true;
    const isDone = (await reactions.states()).every(({ position }) => position >= head);
    if (!isDone) await sleep(lookIntervalMs);
    return isDone;
  }

  /** Counts what is being done, so that closing waits for it. */
  #during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new NotRunningError());
    this.#inFlight++;
    let done: Promise<T>;
    try {
      done = work();
    } catch (error) {
      done = Promise.reject(error as Error);
    }
    done.then(this.#leave, this.#leave);
    return done;
  }

  readonly #leave = (): void => {
    if (--this.#inFlight === 0) this.#whenIdle?.();
  };

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new NotRunningError();
  }
}

function warnOfUnfinished(application: string, unfinished: readonly string[]): void {
  process.emitWarning(
    `${application} was closed though these had not ended in time: ${unfinished.join(', ')}. What they had not recorded is done again.`,
    { code: 'CARILLON_CLOSED_EARLY' },
  );
}

function toAnswer<Result>({ json, position }: EncodedAnswer): Answer<Result> {
  return { result: JSON.parse(json) as Result, position };
}
