import type { CommandRequest } from './command.js';
import { DefinitionError } from './errors.js';
import type { DataOf, EventDefinition, RecordedEvent } from './event.js';
import { checkName } from './name.js';
import type { CommandResult } from './receipt.js';
import { type TagValue, type TagValues, tagList } from './tag.js';

/** Which of the events that are there already a reaction gets when it is first started: all of them, or none. */
export type StartsAt = 'beginning' | 'now';

/** How often something is tried, and how long to wait in between. */
export interface RetryPolicy {
  /** How often at most, the first time included. Default 8. */
  readonly maxAttempts?: number;
  /** About how long to wait before the second attempt, in milliseconds; doubled each time, half of it random. Default 100. */
  readonly baseDelayMs?: number;
  /** The longest wait between two attempts, in milliseconds. Default 30,000. */
  readonly maxDelayMs?: number;
}

/** The event as it stands in the log, for each of the definitions. */
export type RecordedEventOf<Event extends EventDefinition> = Event extends EventDefinition
  ? RecordedEvent<Event['type'], DataOf<Event>>
  : never;

/** What a reaction is given besides the event's data. */
export interface ReactionContext<Event extends EventDefinition = EventDefinition> {
  readonly event: RecordedEventOf<Event>;
  /**
   * Issues a command, under an id that follows from the event: however often the reaction is run for it, the command has
   * one effect. A rejection is an answer, not a failure; throw when it should be one.
   *
   * Commands of one run are told apart by their order. Where that may differ from run to run, give each a `name`.
   */
  issue<Code extends string>(
    request: CommandRequest<string, any, Code>,
    options?: { readonly name?: string },
  ): Promise<CommandResult<Code>>;
  /** The same for every attempt at this event and no other: hand it to whatever is called outside. */
  readonly idempotencyKey: string;
  /** Aborted when the time is up, or the application is closed. Hand it to whatever is called outside. */
  readonly signal: AbortSignal;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  readonly now: Date;
}

/** What `reaction()` takes besides the name. */
export interface ReactionOptions<Event extends EventDefinition> {
  /** One sentence for the documentation. */
  readonly description?: string;
  /** The events it is about. */
  readonly on: Event | readonly Event[];
  /** Only events that carry all of these tags. */
  readonly tagged?: TagValues;
  /**
   * What must be done in order has the same key; what has different keys is done side by side. Without it there is one order for
   * all: safe, and slow when many events come.
   */
  readonly inOrderBy?: (data: DataOf<Event>, event: RecordedEventOf<Event>) => TagValue;
  /** Whether a new reaction gets the events that are there already. Once started it goes on where it was. */
  readonly startsAt: StartsAt;
  /** How many keys are worked on at a time. Default 16. */
  readonly maxConcurrency?: number;
  /** How long one attempt may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** When the event is parked: its key then waits for an operator, and other keys go on. */
  readonly retry?: RetryPolicy;
  /**
   * What should happen. At least once for every event, in order for each key: issue commands, and hand the idempotency key to
   * everything else.
   */
  readonly run: (data: DataOf<Event>, context: ReactionContext<Event>) => Promise<unknown> | unknown;
}

/** What should happen when an event happens. */
export interface ReactionDefinition<Name extends string = string, Event extends EventDefinition = any> {
  readonly kind: 'reaction';
  readonly name: Name;
  readonly description: string | undefined;
  readonly on: readonly Event[];
  /** The tags an event must all carry, as `name:value`. */
  readonly tags: readonly string[];
  readonly inOrderBy: ((data: any, event: any) => TagValue) | undefined;
  readonly startsAt: StartsAt;
  readonly maxConcurrency: number;
  readonly timeoutMs: number;
  readonly retry: Required<RetryPolicy>;
  readonly run: (data: any, context: ReactionContext<any>) => Promise<unknown> | unknown;
  /** Only for the compiler: which events it is about. */
  readonly '~handles'?: Event['type'];
}

/** The reaction with nothing left out. */
export function retryPolicy({
  maxAttempts = 8,
  baseDelayMs = 100,
  maxDelayMs = 30_000,
}: RetryPolicy = {}): Required<RetryPolicy> {
  return { maxAttempts, baseDelayMs, maxDelayMs };
}

/**
 * Defines a reaction: what should happen when an event happens. Who made the event does not know.
 *
 * ```ts
 * export const tellNextReader = reaction('tell-next-reader', {
 *   on: CopyReturned,
 *   inOrderBy: (e) => e.titleId,
 *   startsAt: 'now',
 *   run: (e, { issue }) => issue(OfferToNextInQueue({ titleId: e.titleId })),
 * });
 * ```
 *
 * @throws DefinitionError when the name or a limit is unusable
 */
export function reaction<const Name extends string, Event extends EventDefinition>(
  name: Name,
  options: ReactionOptions<Event>,
): ReactionDefinition<Name, Event> {
  checkName('a reaction', name);
  const on = (Array.isArray(options.on) ? options.on : [options.on]) as readonly Event[];
  if (on.length === 0) throw new DefinitionError(`Reaction ${name} reacts to no event. Name one in \`on\`.`);
  const { maxConcurrency = 16, timeoutMs = 30_000 } = options;
  checkCount(`maxConcurrency of reaction ${name}`, maxConcurrency);
  checkCount(`timeoutMs of reaction ${name}`, timeoutMs);
  const retry = retryPolicy(options.retry);
  checkCount(`retry.maxAttempts of reaction ${name}`, retry.maxAttempts);
  return Object.freeze({
    kind: 'reaction' as const,
    name,
    description: options.description,
    on,
    tags: options.tagged === undefined ? [] : tagList(options.tagged),
    inOrderBy: options.inOrderBy as ReactionDefinition['inOrderBy'],
    startsAt: options.startsAt,
    maxConcurrency,
    timeoutMs,
    retry,
    run: options.run as ReactionDefinition['run'],
  });
}

/** @throws DefinitionError when `count` is not a whole number from 1 */
export function checkCount(what: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 1) return;
  throw new DefinitionError(`${what} is ${count}; it must be a whole number from 1.`);
}
