import type { Actor } from '../definitions/actor.js';
import type { QueryDefinition, QueryRequest } from '../definitions/query.js';
import { coerceParams } from '../querying/coerce-params.js';
import { PositionAheadError } from '../querying/querying-errors.js';
import type { AskOptions, EncodedAnswer } from '../runtime/running-application.js';
import { eventStream } from './event-stream.js';
import { Problem, problemResponse } from './problem.js';
import { readQueryString } from './query-string.js';
import { acceptsEventStream, matchesEntityTag, readAfter, readLastEventId } from './request-headers.js';
import { methodNotAllowed, type Serving } from './serving.js';
import { suggestion } from './suggestion.js';

/**
 * `GET /queries/{Name}`: 200 and the answer, 304 when the caller has it, an event stream for who accepts one, or a
 * problem. Never rejects.
 */
export function queryEndpoint(serving: Serving): (request: Request, name: string) => Promise<Response> {
  const { running, metrics } = serving;
  const queries: ReadonlyMap<string, QueryDefinition> = running.application.queries;
  const cacheControl = serving.options.authenticate === undefined ? 'no-cache' : 'private, no-cache';

  const answerOnce = async (request: Request, asked: QueryRequest, options: AskOptions): Promise<Response> => {
    const answer = await running.answer(asked, { ...options, signal: request.signal });
    const headers = {
      'Content-Type': 'application/json',
      'Cache-Control': cacheControl,
      'Carillon-Position': String(answer.position),
      ETag: `"${answer.hash}"`,
      Vary: 'Accept',
      'X-Content-Type-Options': 'nosniff',
    };
    if (!matchesEntityTag(request.headers, answer.hash)) return new Response(answer.json, { status: 200, headers });
    const { 'Content-Type': _, ...unchanged } = headers;
    return new Response(null, { status: 304, headers: unchanged });
  };

  return async (request, name) => {
    const query = queries.get(name);
    if (query === undefined) return problemResponse(unknownQuery(name, queries.keys()));
    const startedMs = performance.now();
    let actor: Actor | undefined;
    try {
      const { headers, method } = request;
      if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed(method, 'GET, HEAD');
      actor = await serving.admit('query', name, headers);
      const asked = query(coerceParams(query.schema, readQueryString(request.url)));
      const after = readAfter(headers);
      const options: AskOptions = {
        timeoutMs: serving.options.waitTimeoutMs,
        ...(after === undefined ? {} : { after }),
        ...(actor === undefined ? {} : { actor }),
      };
      const isStream = method === 'GET' && acceptsEventStream(headers);
      const response = isStream
        ? await subscription(serving, request, asked, options)
        : await answerOnce(request, asked, options);
      const outcome = isStream ? 'subscribed' : response.status === 304 ? 'unchanged' : 'answered';
      metrics.observeQuery(name, outcome, performance.now() - startedMs);
      return response;
    } catch (error) {
      const durationMs = performance.now() - startedMs;
      if (request.signal.aborted) {
        metrics.observeQuery(name, 'aborted', durationMs);
        return nobodyListens();
      }
      const problem = serving.problem(error, actor, { query: name });
      metrics.observeQuery(name, problem.code, durationMs);
      return problemResponse(problem);
    }
  };
}

/** Opens an event stream. What is wrong before the first answer is answered as it would be without a stream. */
async function subscription(
  serving: Serving,
  request: Request,
  asked: QueryRequest,
  options: AskOptions,
): Promise<Response> {
  const { closing, metrics } = serving;
  const { maxSubscriptions, heartbeatMs } = serving.options;
  if (closing.aborted) throw new Problem('not-running', 'The server is stopping. Subscribe again in a moment.');
  if (metrics.openSubscriptions >= maxSubscriptions) {
    throw new Problem(
      'overloaded',
      `${maxSubscriptions} subscriptions are open; no more are possible here. Try again later.`,
    );
  }

  const abort = new AbortController();
  const stop = () => abort.abort();
  if (request.signal.aborted) stop();
  request.signal.addEventListener('abort', stop);
  closing.addEventListener('abort', stop);
  metrics.openSubscriptions++;
  const onEnd = () => {
    metrics.openSubscriptions--;
    stop();
  };
  try {
    const { first, answers } = await begin(
      serving,
      asked,
      { ...options, signal: abort.signal },
      readLastEventId(request.headers),
    );
    if (closing.aborted) throw new Problem('not-running', 'The server is stopping. Subscribe again in a moment.');
    const toProblem = (error: unknown) => serving.problem(error, options.actor, { subscription: asked.query.type });
    const stream = eventStream({ first, answers, heartbeatMs, closing, toProblem, onEnd });
    return new Response(stream, { status: 200, headers: streamHeaders });
  } catch (error) {
    onEnd();
    if (!closing.aborted) throw error;
    throw new Problem('not-running', 'The server is stopping. Subscribe again in a moment.');
  } finally {
    // From here on the stream itself says goodbye.
    closing.removeEventListener('abort', stop);
  }
}

const streamHeaders = Object.freeze({
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  Vary: 'Accept',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
});

/**
 * The first answer, and those after it. A subscriber that comes back gets nothing older than what it has seen, unless
 * the log itself is older now (restored from a backup): then what there is.
 */
async function begin(
  serving: Serving,
  asked: QueryRequest,
  options: AskOptions,
  lastSeen: number | undefined,
): Promise<{ first: EncodedAnswer; answers: AsyncIterator<EncodedAnswer> }> {
  const after = options.after ?? lastSeen;
  const answers = serving.running
    .answers(asked, after === undefined ? options : { ...options, after })
    [Symbol.asyncIterator]();
  try {
    const first = await answers.next();
    if (first.done === true)
      throw new Problem('not-running', 'The application is stopping. Subscribe again in a moment.');
    return { first: first.value, answers };
  } catch (error) {
    const isAhead = error instanceof PositionAheadError && options.after === undefined && lastSeen !== undefined;
    if (!isAhead) throw error;
    return begin(serving, asked, options, undefined);
  }
}

function unknownQuery(name: string, known: Iterable<string>): Problem {
  return new Problem('unknown-query', `There is no query ${name.slice(0, 128)}.${suggestion(name, known)}`);
}

/** For a connection that is gone: the status that proxies use for it. */
function nobodyListens(): Response {
  return new Response(null, { status: 499 });
}
