import type { Actor } from '../definitions/actor.js';
import type { Application } from '../definitions/application.js';
import type { CommandDefinition } from '../definitions/command.js';
import type { JsonObject } from '../definitions/json.js';
import type { Receipt } from '../definitions/receipt.js';
import type { Rejection } from '../definitions/rejection.js';
import { elsewhere } from './elsewhere.js';
import { readJsonBody } from './json-body.js';
import { outcomeUnknown } from './known-problem.js';
import { Problem, problemDocument, problemHeaders, problemResponse } from './problem.js';
import { readIdempotencyKey, readTraceparent } from './request-headers.js';
import { methodNotAllowed, type Serving } from './serving.js';
import { suggestion } from './suggestion.js';
import { TimeLimit } from './time-limit.js';

/** `POST /commands/{Name}`: 200 and the receipt, 422 and the rejection, or another problem. Never rejects. */
export function commandEndpoint(serving: Serving): (request: Request, name: string) => Promise<Response> {
  const { running, options, metrics } = serving;
  const commands: ReadonlyMap<string, CommandDefinition> = running.application.commands;
  const inTime = new TimeLimit(options.commandTimeoutMs, outcomeUnknown);

  return async (request, name) => {
    const command = commands.get(name);
    if (command === undefined) return problemResponse(unknownCommand(name, running.application));
    const startedMs = performance.now();
    let actor: Actor | undefined;
    try {
      if (request.method !== 'POST') throw methodNotAllowed(request.method, 'POST');
      const { headers } = request;
      actor = await serving.admit('command', name, headers);
      const commandId = readIdempotencyKey(headers);
      const traceparent = readTraceparent(headers);
      const data = await readJsonBody(request, options);

      const call: { commandId?: string; actor?: Actor; metadata?: JsonObject } = {};
      if (commandId !== undefined) call.commandId = commandId;
      if (actor !== undefined) call.actor = actor;
      if (traceparent !== undefined) call.metadata = { traceparent };
      const result = await inTime.within(running.execute(command(data), call));

      metrics.observeCommand(name, result.rejected ? 'rejected' : 'accepted', performance.now() - startedMs);
      return result.rejected ? rejectionResponse(result) : receiptResponse(result);
    } catch (error) {
      const problem = serving.problem(error, actor, { command: name });
      metrics.observeCommand(name, problem.code, performance.now() - startedMs);
      return problemResponse(problem);
    }
  };
}

const receiptHeaders = Object.freeze({
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
});

/** Only what a receipt consists of, whatever else the object may hold. */
function receiptResponse({ commandId, position }: Receipt): Response {
  const body = `{"commandId":${JSON.stringify(commandId)},"position":${position}}`;
  return new Response(body, { status: 200, headers: receiptHeaders });
}

function rejectionResponse({ code, message, details }: Rejection): Response {
  const problem = new Problem('rejected', message);
  const document = { ...problemDocument(problem), code, ...(details === undefined ? {} : { details }) };
  return new Response(JSON.stringify(document), { status: problem.status, headers: problemHeaders(problem) });
}

function unknownCommand(name: string, application: Application<any, any>): Problem {
  const hint = elsewhere(application, 'commands', name) || suggestion(name, application.commands.keys());
  return new Problem('unknown-command', `There is no command ${name.slice(0, 128)}.${hint}`);
}
