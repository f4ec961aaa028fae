import type { CommandRequest } from '../definitions/command.js';
import type { RecordedEvent } from '../definitions/event.js';
import type { JsonObject } from '../definitions/json.js';
import type { CommandResult } from '../definitions/receipt.js';

/** Executes a command for a reaction: under the id it is given, without asking who may. */
export type IssueCommand = (
  request: CommandRequest<string, any, any>,
  call: { readonly commandId: string; readonly metadata: JsonObject },
) => Promise<CommandResult<any>>;

/**
 * What the events of a command say about what led to it: the event that caused it, the command with which everything began, and
 * the trace.
 */
export function causedBy(event: RecordedEvent, reaction: string): JsonObject {
  const { correlationId, commandId, traceparent } = event.metadata;
  return {
    reaction,
    causationId: event.id,
    correlationId: correlationId ?? commandId ?? event.id,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
