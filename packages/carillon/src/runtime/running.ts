import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { CommandExecutor } from '../deciding/command-executor.js';
import type { Application } from '../definitions/application.js';
import type { Clock } from '../definitions/clock.js';
import type { CommandRequest } from '../definitions/command.js';
import { CarillonError } from '../definitions/errors.js';
import type { AnyReaction } from '../definitions/module.js';
import type { Answer, QueryRequest } from '../definitions/query.js';
import type { CommandResult } from '../definitions/receipt.js';
import type { LeaseKeeper } from '../leasing/lease-keeper.js';
import type { Log } from '../log/log.js';
import { LiveQueries, type LiveQuestion } from '../querying/live-queries.js';
import { checkQuery, type RunAnswer } from '../querying/query-runner.js';
import { PositionAheadError, ReadModelBehindError, ReadModelFailedError } from '../querying/querying-errors.js';
import type { ReadModelPositions } from '../querying/read-model-positions.js';
import type { ProcessView } from '../reacting/process-log.js';
import type { Reactions } from '../reacting/reactions.js';
import type { ReadModelState } from '../read-database/read-database.js';
import { Closing } from './closing.js';
import type { ProjectionHost, QueryHost } from './hosts.js';
import type { OperatorRequests } from './operator-requests.js';
import { reactionStatus } from './reaction-status.js';
import { problemsOf, readModelStatus } from './read-model-status.js';
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
import { NotRunningError, UnknownReadModelError } from './runtime-errors.js';

/** How long a query waits for its read model, in milliseconds. */
const defaultTimeoutMs = 10_000;

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
  readonly #live: LiveQueries;
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
    this.#live = new LiveQueries(parts.positions);
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
    return this.#during(async () => {
      const question = await this.#question(request, options);
      return encoded(await this.#askUntil(question, options));
    });
  }

  async *subscribe<Result>(
    request: QueryRequest<string, any, Result>,
    options?: AskOptions,
  ): AsyncGenerator<Answer<Result>, void, undefined> {
    for await (const answer of this.answers(request, options)) yield toAnswer<Result>(answer);
  }

  async *answers(request: QueryRequest, options: AskOptions = {}): AsyncGenerator<EncodedAnswer, void, undefined> {
    if (this.#closing !== undefined) throw new NotRunningError();
    const question = await this.#question(request, options);
    // Closed meanwhile: nobody would end the subscription.
    if (this.#closing !== undefined) throw new NotRunningError();
    for await (const answer of this.#live.subscribe(question, options.signal)) {
      if (answer.position >= positionOf(options.after)) yield encoded(answer);
    }
  }

  async readModels(): Promise<readonly ReadModelStatus[]> {
    const head = await this.log.head();
    return Promise.all([...this.application.readModels.keys()].map((name) => this.#status(name, head)));
  }

  async rebuild(
    readModel: string,
    options: { readonly onProgress?: (status: ReadModelStatus) => void } = {},
  ): Promise<void> {
    this.#checkReadModel(readModel);
    const { positions, projections } = this.#parts;
    const head = await this.log.head();
    const build = await projections.rebuild(readModel);
    let stopListening = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        const look = () => {
          const state = positions.get(readModel);
          const { failure } = state.next?.build === build ? state.next : state;
          const isIt = state.build >= build && state.isServing;
          if (options.onProgress !== undefined) void this.#status(readModel, head).then(options.onProgress);
          if (isIt && state.position >= head) resolve();
          else if (failure !== undefined && (isIt || state.next !== undefined || !state.isServing)) {
            reject(new ReadModelFailedError(readModel, failure));
          }
        };
        stopListening = positions.onMove((move) => {
          if (move.readModel === readModel) look();
        });
        look();
      });
    } finally {
      stopListening();
    }
  }

  async resume(readModel: string): Promise<void> {
    this.#checkReadModel(readModel);
    await this.#parts.projections.resume(readModel);
  }

  async reactions(): Promise<readonly ReactionStatus[]> {
    const { reactions, clock } = this.#parts;
    const head = await this.log.head();
    const states = await reactions.states();
    return Promise.all(states.map((state) => reactionStatus(state, this.log, head, clock().getTime())));
  }

  addReaction(reaction: AnyReaction): Promise<void> {
    return this.#during(() => this.#parts.reactions.add(reaction));
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
    const { reactions, positions, projections } = this.#parts;
    for (;;) {
      const head = await this.log.head();
      reactions.wake(head);
      projections.wake(head, true);
      await reactions.whenDone();
      for (const readModel of this.application.readModels.keys()) {
        if (!isAtRest(positions.get(readModel), head)) await this.#moved(readModel);
      }
      if (this.#closing !== undefined) throw new NotRunningError();
      const isRestful = (await this.log.head()) === head && reactions.isIdle(head) && this.#isCaughtUp(head);
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
    const ready = isWhole && (this.#parts.isReadyWhileBuilding || readModels.every(({ isServing }) => isServing));
    for (const { name, parked } of await this.#parts.reactions.states()) {
      if (parked.length > 0) problems.push(`Reaction ${name} has ${parked.length} parked: retry or skip them.`);
    }
    for (const status of await this.relays()) {
      const problem = problemOfRelay(status);
      if (problem !== undefined) problems.push(problem);
    }
    return { ready, problems };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#live.close(new NotRunningError());
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

  /** Resolves when a read model moves. */
  #moved(readModel: string): Promise<void> {
    return new Promise((resolve) => {
      const stopListening = this.#parts.positions.onMove((move) => {
        if (move.readModel !== readModel) return;
        stopListening();
        resolve();
      });
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

  #isCaughtUp(head: number): boolean {
    return [...this.application.readModels.keys()].every((name) => {
      return isAtRest(this.#parts.positions.get(name), head);
    });
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

  /** Checks what is asked, and waits until the read model is where it is wanted. */
  async #question(request: QueryRequest, options: AskOptions): Promise<LiveQuestion> {
    const { query } = request;
    const { queries } = this.#parts;
    if (queries === undefined) throw new RoleError('read', 'answer queries');
    const params = await checkQuery(this.application, request, options.actor);
    const readModel = query.from.name;
    if (options.after !== undefined) await this.#waitFor(readModel, options);
    await this.#untilServing(readModel, options);
    return {
      key: JSON.stringify([query.type, params, options.actor ?? null]),
      readModel,
      ask: (): Promise<RunAnswer> => queries.run(query.type, params, options.actor),
    };
  }

  /**
   * Asks until the answer is as of the position that is wanted. That a read model has got there is not enough: its database may have lost
   * its last commits since (a power cut takes what was not synced), and not everybody has heard of it.
   */
  async #askUntil({ ask, readModel }: LiveQuestion, options: AskOptions): Promise<RunAnswer> {
    const wanted = positionOf(options.after);
    const deadlineMs = performance.now() + (options.timeoutMs ?? defaultTimeoutMs);
    for (;;) {
      const answer = await ask();
      if (answer.position >= wanted) return answer;
      if (performance.now() >= deadlineMs) throw new ReadModelBehindError(readModel, answer.position, wanted);
      await sleep(lookIntervalMs, undefined, { signal: options.signal });
    }
  }

  async #waitFor(readModel: string, { after, timeoutMs = defaultTimeoutMs, signal }: AskOptions): Promise<void> {
    const position = positionOf(after);
    if (!Number.isSafeInteger(position) || position < 0) {
      throw new CarillonError('position-invalid', `"after" takes a receipt or a whole number from 0, not ${position}.`);
    }
    if (this.#parts.positions.get(readModel).position >= position) return;
    const head = await this.log.head();
    if (position > head) throw new PositionAheadError(position, head);
    this.#parts.projections.wake(head, true);
    await this.#parts.positions.waitFor(readModel, position, { timeoutMs, signal });
  }

  async #untilServing(readModel: string, { timeoutMs = defaultTimeoutMs, signal }: AskOptions): Promise<void> {
    const { positions } = this.#parts;
    if (positions.get(readModel).isServing) return;
    await positions.waitUntilServing(readModel, { timeoutMs, signal });
  }

  #checkReadModel(name: string): void {
    if (this.#closing !== undefined) throw new NotRunningError();
    if (this.application.readModels.has(name)) return;
    throw new UnknownReadModelError(name, [...this.application.readModels.keys()]);
  }

  #status(name: string, head: number): Promise<ReadModelStatus> {
    const { positions, clock } = this.#parts;
    const readModel = this.application.readModels.get(name)!;
    return readModelStatus(readModel, positions.get(name), this.log, head, clock().getTime());
  }
}

function warnOfUnfinished(application: string, unfinished: readonly string[]): void {
  process.emitWarning(
    `${application} was closed though these had not ended in time: ${unfinished.join(', ')}. What they had not recorded is done again.`,
    { code: 'CARILLON_CLOSED_EARLY' },
  );
}

/** Whether a read model has nothing to do, as long as nobody mends it. */
function isAtRest({ position, failure, isServing, next }: ReadModelState, head: number): boolean {
  if (next !== undefined && next.failure === undefined) return false;
  return failure !== undefined || (isServing && position >= head);
}

/** The position that an answer must at least be as of. */
function positionOf(after: AskOptions['after']): number {
  return after === undefined || typeof after === 'number' ? (after ?? 0) : after.position;
}

function encoded({ json, position, hash }: RunAnswer): EncodedAnswer {
  return { json, position, hash };
}

function toAnswer<Result>({ json, position }: EncodedAnswer): Answer<Result> {
  return { result: JSON.parse(json) as Result, position };
}
