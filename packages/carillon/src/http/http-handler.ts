import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { RunningApplication } from '../runtime/running-application.js';
import { checkOperator } from './authentication.js';
import { commandEndpoint } from './command-endpoint.js';
import { crossOrigin } from './cross-origin.js';
import type { HttpOptions } from './http-options.js';
import { knownProblem } from './known-problem.js';
import { openapiDocument } from './openapi.js';
import { mountOperations } from './operations-endpoint.js';
import { Problem, problemResponse } from './problem.js';
import { queryEndpoint } from './query-endpoint.js';
import { matchesEntityTag } from './request-headers.js';
import { methodNotAllowed, Serving } from './serving.js';

/** An application as something that answers HTTP requests. */
export interface HttpHandler {
  /** Answers a request. Never rejects: whatever goes wrong is answered with a problem document. */
  fetch(request: Request): Promise<Response>;
  /** Lets `/health/ready` say 503 from now on, so that nobody new is sent here. Everything is still answered. */
  drain(): void;
  /** Ends the event streams with a last comment, and lets `/health/ready` say 503. Other requests are still answered. */
  close(): void;
}

/**
 * Serves a running application: commands, queries, live queries, `/openapi.json`, `/health/live`, `/health/ready`,
 * `/metrics` and, for operators, `/console/api`, all below `options.basePath`. It works in any server that speaks `Request` and `Response`; `serve` is one.
 *
 * @throws ServerOptionsError when an origin in `options.cors` is none
 */
export function httpHandler(running: RunningApplication, options: HttpOptions = {}): HttpHandler {
  const serving = new Serving(running, options);
  const basePath = options.basePath ?? '';
  const command = commandEndpoint(serving);
  const query = queryEndpoint(serving);
  const openapi = openapiEndpoint(serving, basePath);

  // One handler for all methods of a path: the router then calls it without a chain of middleware.
  const app = basePath === '' ? new Hono() : new Hono().basePath(basePath);
  // Where pages of other origins are let in, there is one.
  if (options.cors !== undefined) app.use(crossOrigin(options.cors));
  app.all('/commands/:name', (c) => command(c.req.raw, c.req.param('name')));
  app.all('/queries/:name', (c) => query(c.req.raw, c.req.param('name')));
  app.all('/openapi.json', readingOnly(serving, openapi));
  app.all(
    '/health/live',
    readingOnly(serving, async () => jsonResponse('{"status":"live"}')),
  );
  app.all(
    '/health/ready',
    readingOnly(serving, (request) => readiness(serving, request)),
  );
  app.all(
    '/metrics',
    readingOnly(serving, async (request) => {
      await checkOperator(serving.options.authenticate, serving.options.operator, request.headers, serving.logger);
      return serving.metrics.response();
    }),
  );
  mountOperations(app, serving);
  app.notFound(async (c) => {
    const { method } = c.req.raw;
    const found = method === 'GET' || method === 'HEAD' ? await options.fallback?.(c.req.raw) : undefined;
    return found ?? problemResponse(new Problem('not-found', `Nothing is at this path. See ${basePath}/openapi.json.`));
  });
  app.onError((error, c) => problemResponse(knownProblem(error, serving.logger, { path: c.req.path })));

  return {
    fetch: async (request) => app.fetch(request),
    drain: () => {
      serving.isDraining = true;
    },
    close: () => serving.close(),
  };
}

function readingOnly(
  serving: Serving,
  answer: (request: Request) => Promise<Response>,
): (c: Context) => Promise<Response> {
  return async (c) => {
    const request = c.req.raw;
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed(request.method, 'GET, HEAD');
      return await answer(request);
    } catch (error) {
      return problemResponse(knownProblem(error, serving.logger, { path: c.req.path }));
    }
  };
}

/** The document is made when it is first asked for: definitions do not change. */
function openapiEndpoint({ running, options }: Serving, basePath: string): (request: Request) => Promise<Response> {
  let made: { readonly json: string; readonly hash: string } | undefined;
  return async (request) => {
    if (made === undefined) {
      const json = JSON.stringify(
        openapiDocument(running.application, { basePath, authenticates: options.authenticate !== undefined }),
        null,
        2,
      );
      made = { json, hash: createHash('sha256').update(json).digest('base64url').slice(0, 22) };
    }
    const headers = { ETag: `"${made.hash}"`, 'Cache-Control': 'no-cache' };
    if (matchesEntityTag(request.headers, made.hash)) return new Response(null, { status: 304, headers });
    return jsonResponse(made.json, headers);
  };
}

async function readiness(serving: Serving, request: Request): Promise<Response> {
  const { running, closing, options, logger } = serving;
  const { ready, problems } =
    closing.aborted || serving.isDraining
      ? { ready: false, problems: ['The server is shutting down.'] }
      : await running.health();
  // Probes only want the status; what exactly is wrong is for operators.
  const mayKnow = await checkOperator(options.authenticate, options.operator, request.headers, logger).then(
    () => true,
    () => false,
  );
  const told = mayKnow ? [...problems] : [];
  if (ready) return jsonResponse(JSON.stringify({ ready, problems: told }));
  return problemResponse(new Problem('not-ready', 'The application cannot serve now.', { ready, problems: told }));
}

function jsonResponse(json: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(json, {
    status: 200,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    },
  });
}
