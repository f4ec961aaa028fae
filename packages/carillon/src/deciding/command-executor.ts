import { randomUUID } from 'node:crypto';
import type { Actor } from '../definitions/actor.js';
import type { Application, Owners } from '../definitions/application.js';
import { type Clock, systemClock } from '../definitions/clock.js';
import type { CommandDefinition, CommandRequest } from '../definitions/command.js';
import { CarillonError, ValidationError } from '../definitions/errors.js';
import { isNewEvent, type NewEvent, type RecordedEvent, UnknownEventError } from '../definitions/event.js';
import { ForbiddenError } from '../definitions/forbidden-error.js';
import type { JsonObject } from '../definitions/json.js';
import type { CommandResult, Receipt } from '../definitions/receipt.js';
import { isRejection, type Rejection } from '../definitions/rejection.js';
import { type Validated, validate } from '../definitions/schema.js';
import { TagLimitError } from '../definitions/tag.js';
import { calendar, type Today } from '../definitions/today.js';
import type { Log } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import { Boundary, extendBoundary, type Sources } from './boundary.js';
import { commandFingerprint, commandMetadata, commandTag, maxCommandIdLength } from './command-metadata.js';
import { CommandConflictError, CommandIdReusedError, InvalidDecisionError } from './deciding-errors.js';
import { StateCache } from './state-cache.js';

/** What a `CommandExecutor` is made of. */
export interface CommandExecutorOptions {
  readonly application: Application<any, any>;
  readonly log: Log;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** The most decision states to keep in memory. Default 50,000. */
  readonly maxCachedStates?: number;
  /** How often a command is decided before a conflict is reported. Default 10. */
  readonly maxAttempts?: number;
  /** Whether other processes append to the log, too: then it is looked at once more before a command is rejected. Default false. */
  readonly isLogShared?: boolean;
  /** Waits before a command is decided once more, for the n-th time: where other processes decide on the same, so that they part. */
  readonly backOff?: (attempt: number) => Promise<void>;
  /** Freezes folded states, so that a fold that changes its state in place fails. For tests; costs time. */
  readonly freezeStates?: boolean;
}

/** What may be said with a command. */
export interface CommandCall {
  readonly commandId?: string | undefined;
  readonly actor?: Actor | undefined;
  readonly metadata?: JsonObject | undefined;
  /** The application itself asks, by a reaction: `authorize` is not asked. */
  readonly isInternal?: boolean;
}

/** A command on its way: validated, allowed, with an id. */
interface Accepted {
  readonly command: CommandDefinition;
  readonly data: unknown;
  readonly commandId: string;
  /** Only when the caller gave the id: then the command may be sent again. */
  readonly fingerprint: string | undefined;
  readonly actor: Actor | undefined;
  readonly metadata: JsonObject | undefined;
}

/**
 * The write side: validates, authorises, loads decision states, decides, appends on condition, and decides again when
 * somebody else was first.
 */
export class CommandExecutor {
  readonly #application: Application<any, any>;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #today: (now: Date) => Today;
  readonly #maxAttempts: number;
  readonly #backOff: ((attempt: number) => Promise<void>) | undefined;
  readonly #isLogShared: boolean;
  readonly #sources: Sources;
  readonly #owners: Owners;

  constructor(options: CommandExecutorOptions) {
    this.#application = options.application;
    this.#owners = options.application.owners;
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
    this.#today = calendar(options.application.timeZone);
    this.#maxAttempts = options.maxAttempts ?? 10;
    this.#backOff = options.backOff;
    this.#isLogShared = options.isLogShared ?? false;
    this.#sources = {
      log: options.log,
      cache: new StateCache(options.maxCachedStates ?? 50_000),
      freezeStates: options.freezeStates ?? false,
    };
  }

  /**
   * Executes a command.
   *
   * @returns a receipt once all its events are durable, or a rejection
   * @throws ValidationError, ForbiddenError, CommandConflictError, CommandIdReusedError, InvalidDecisionError,
   * UnknownEventError, and what the log throws
   */
  execute<Code extends string>(
    request: CommandRequest<string, any, Code>,
    call: CommandCall = {},
  ): Promise<CommandResult<Code>> {
    // Not an async function: each would cost a command two promises more.
    try {
      const { command } = request;
      if (this.#application.commands.get(command.type) !== command) throw this.#foreignCommand(command.type);
      if (call.commandId !== undefined) checkCommandId(call.commandId);
      const checked = validate(command.schema, request.data);
      const decided =
        checked instanceof Promise
          ? checked.then((validated) => this.#decide(accept(command, validated, call)))
          : this.#decide(accept(command, checked, call));
      return decided as Promise<CommandResult<Code>>;
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  #foreignCommand(type: string): CarillonError {
    return new CarillonError(
      'command-unknown',
      `Command ${type} does not belong to application ${this.#application.name}. Add it to a module.`,
    );
  }

  async #decide(accepted: Accepted): Promise<CommandResult> {
    let conflictingPosition = 0;
    for (let attempt = 1; attempt <= this.#maxAttempts; attempt++) {
      try {
        const boundary = new Boundary();
        const loading = this.#load(accepted, boundary);
        const earlier = loading instanceof Promise ? await loading : loading;
        if (earlier !== undefined) {
          await this.#settle(boundary);
          return earlier;
        }
        const decided = this.#judge(accepted, boundary);
        if (isRejection(decided) || decided.length === 0) {
          await this.#settle(boundary);
          const missed = this.#isLogShared ? await this.#missed(boundary) : undefined;
          if (missed !== undefined) {
            conflictingPosition = missed;
            continue;
          }
          return isRejection(decided) ? decided : { commandId: accepted.commandId, position: boundary.position ?? 0 };
        }
        const condition =
          boundary.items.length === 0
            ? undefined
            : { failIfEventsMatch: boundary.query, after: boundary.position ?? 0 };
        const appended = await this.#log.append(decided, condition);
        return { commandId: accepted.commandId, position: appended.last };
      } catch (error) {
        // Somebody else was first; or what was decided on has not become durable where it was seen.
        if (!(error instanceof AppendConditionError)) throw error;
        conflictingPosition = error.conflictingPosition;
        await this.#backOff?.(attempt);
      }
    }
    throw new CommandConflictError(accepted.command.type, this.#maxAttempts, conflictingPosition);
  }

  /**
   * The position of an event that a decision should have seen and did not, because another process appended it: what is appended is
   * checked against it anyway, but a rejection appends nothing. Whoever was told of an event elsewhere is not told here that it is not there.
   */
  async #missed({ items, query, position = 0 }: Boundary): Promise<number | undefined> {
    if (items.length === 0) return undefined;
    await this.#log.head();
    const [event] = await this.#log.read(query, { after: position, limit: 1 });
    return event?.position;
  }

  /** Brings the boundary up to date. Returns the receipt of the same command, when it was sent before. */
  #load(accepted: Accepted, boundary: Boundary): Receipt | undefined | Promise<Receipt | undefined> {
    const { command, data, commandId, fingerprint } = accepted;
    const extra = fingerprint === undefined ? undefined : { tags: [commandTag(commandId)] };
    const first = extendBoundary(boundary, command.reads(data), this.#sources, extra);
    if (first instanceof Promise) return first.then((events) => this.#loadMore(accepted, boundary, events));
    return this.#loadMore(accepted, boundary, first);
  }

  #loadMore(
    accepted: Accepted,
    boundary: Boundary,
    found: readonly RecordedEvent[],
  ): Receipt | undefined | Promise<undefined> {
    const receipt = earlierReceipt(accepted, found);
    if (receipt !== undefined || accepted.command.thenReads === undefined) return receipt;
    const references = accepted.command.thenReads({ data: accepted.data, ...boundary.states });
    const second = extendBoundary(boundary, references, this.#sources);
    return second instanceof Promise ? second.then(() => undefined) : undefined;
  }

  #judge(accepted: Accepted, boundary: Boundary): Rejection | readonly NewEvent[] {
    const { command, data, commandId, actor } = accepted;
    const now = this.#clock();
    let decided: ReturnType<CommandDefinition['decide']>;
    try {
      // The states last: V8 takes microseconds for properties that are added to what was spread.
      decided = command.decide({
        data,
        reject: (code: string, details?: JsonObject) => reject(command, code, details),
        now,
        today: this.#today(now),
        commandId,
        actor,
        ...boundary.states,
      });
    } catch (cause) {
      if (cause instanceof TagLimitError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new InvalidDecisionError(command.type, `it threw: ${reason}`, { cause });
    }
    if (decided === undefined) return [];
    if (isRejection(decided)) return decided;
    return this.#complete(accepted, Array.isArray(decided) ? decided : [decided]);
  }

  /** Gives events what they must carry: where they come from, and the tag by which a repeated command finds them. */
  #complete(accepted: Accepted, events: readonly NewEvent[]): readonly NewEvent[] {
    const { command, commandId, fingerprint, actor } = accepted;
    const home = this.#owners.commands.get(command.type);
    const metadata = commandMetadata(command.type, commandId, actor, fingerprint, accepted.metadata);
    return events.map((event) => {
      if (!isNewEvent(event)) {
        throw new InvalidDecisionError(command.type, 'it returned something that is neither an event nor a rejection.');
      }
      const owner = this.#owners.events.get(event.type);
      if (owner !== home) throw foreignEvent(command.type, home, event.type, owner);
      const tags = fingerprint === undefined ? event.tags : [...event.tags, commandTag(commandId)];
      return { type: event.type, version: event.version, data: event.data, tags, metadata };
    });
  }

  /** Waits until what was concluded from may be told. */
  async #settle(boundary: Boundary): Promise<void> {
    await boundary.durable;
  }
}

/** A command makes events of its own module: what others publish is theirs to say. */
function foreignEvent(command: string, home: string | undefined, event: string, owner: string | undefined): Error {
  if (owner === undefined) return new UnknownEventError(event, `Command ${command}`);
  return new InvalidDecisionError(
    command,
    `it belongs to module ${home}, and made an event of type ${event}, which belongs to module ${owner}. Let ${owner} react to an event of ${home} instead.`,
  );
}

function checkCommandId(commandId: string): void {
  if (commandId.length >= 1 && commandId.length <= maxCommandIdLength) return;
  const message = `must have 1 to ${maxCommandIdLength} characters, but has ${commandId.length}`;
  throw new ValidationError('The command id', [{ path: '', message }]);
}

/** What is validated and allowed. @throws ValidationError, ForbiddenError */
function accept(command: CommandDefinition, validated: Validated<unknown>, call: CommandCall): Accepted {
  if (validated.issues !== undefined)
    throw new ValidationError(`The data of command ${command.type}`, validated.issues);
  const data = validated.value;
  if (command.authorize !== undefined && call.isInternal !== true && !command.authorize(call.actor, data)) {
    throw new ForbiddenError(`command ${command.type}`);
  }
  const { commandId } = call;
  return {
    command,
    data,
    commandId: commandId ?? randomUUID(),
    fingerprint: commandId === undefined ? undefined : commandFingerprint(command.type, data),
    actor: call.actor,
    metadata: call.metadata,
  };
}

function reject(command: CommandDefinition, code: string, details: JsonObject | undefined): Rejection {
  const message = Object.hasOwn(command.rejections, code) ? command.rejections[code] : undefined;
  if (message === undefined) {
    throw new InvalidDecisionError(command.type, `it rejected with the code ${code}, which it does not declare.`);
  }
  return details === undefined ? { rejected: true, code, message } : { rejected: true, code, message, details };
}

function earlierReceipt(accepted: Accepted, events: readonly RecordedEvent[]): Receipt | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  if (last.metadata['fingerprint'] !== accepted.fingerprint) throw new CommandIdReusedError(accepted.commandId);
  return { commandId: accepted.commandId, position: last.position };
}
