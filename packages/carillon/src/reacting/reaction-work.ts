import type { Clock } from '../definitions/clock.js';
import type { RecordedEvent } from '../definitions/event.js';
import type { ReactionContext, ReactionDefinition } from '../definitions/reaction.js';
import type { LogQuery } from '../log/log-query.js';
import { causedBy, type IssueCommand } from './issue-command.js';
import type { Attempt, Work } from './work.js';
import { derivedId } from './work-events.js';

/** One order for all: what a reaction without `inOrderBy` has. */
const sameForAll = [''];

/** The events that a reaction is about. */
export function reactionQuery({ on, tags }: ReactionDefinition): LogQuery {
  const types = on.map(({ type }) => type);
  return { items: [tags.length === 0 ? { types } : { types, tags }] };
}

/** The work of a reaction: to run what it says. */
export function reactionWork(reaction: ReactionDefinition, issueCommand: IssueCommand, clock: Clock): Work {
  const { name, inOrderBy, startsAt, maxConcurrency, timeoutMs, retry } = reaction;
  const keysOf = (event: RecordedEvent) =>
    inOrderBy === undefined ? sameForAll : [String(inOrderBy(event.data, event))];
  return {
    name,
    query: reactionQuery(reaction),
    startsAt,
    maxConcurrency,
    timeoutMs,
    retry,
    keysOf: (event) => {
      try {
        return keysOf(event);
      } catch {
        // It stands alone, and fails when it is done: then it is parked like everything that fails.
        return [event.id];
      }
    },
    perform: async (event, _key, attempt) => {
      keysOf(event);
      await reaction.run(event.data, contextOf(name, event, attempt, issueCommand, clock));
    },
  };
}

function contextOf(
  reaction: string,
  event: RecordedEvent,
  { number, signal }: Attempt,
  issueCommand: IssueCommand,
  clock: Clock,
): ReactionContext<any> {
  const metadata = causedBy(event, reaction);
  let issued = 0;
  return {
    event,
    issue: (request, options) => {
      signal.throwIfAborted();
      const commandId = derivedId(reaction, event.id, options?.name ?? issued++);
      return issueCommand(request, { commandId, metadata });
    },
    idempotencyKey: derivedId(reaction, event.id),
    signal,
    attempt: number,
    now: clock(),
  };
}
