import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { ServerOptionsError } from './server-errors.js';

/** Which pages of other origins a browser lets use an application (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol). */
export interface CrossOriginOptions {
  /** Their origins, exactly as a browser writes them: `https://shop.example`, `http://localhost:5173`; `*` for any. */
  readonly origins: readonly string[];
}

/** What a page may send besides what needs no permission. */
const allowHeaders = [
  'Authorization',
  'Carillon-After',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'Last-Event-ID',
  'traceparent',
];

/** What a page may read of an answer besides what needs no permission. */
const exposeHeaders = ['Carillon-Position', 'ETag', 'Retry-After'];

/** How long a browser may remember what it was allowed, in seconds. */
const maxAge = 600;

/**
 * Answers preflights, and tells browsers that pages of these origins may read the answers. Cookies are never allowed along: who
 * asks says so in `Authorization`.
 *
 * @throws ServerOptionsError when an origin is none
 */
export function crossOrigin({ origins }: CrossOriginOptions): MiddlewareHandler {
  const problems = origins.flatMap(problemOf);
  if (problems.length > 0) throw new ServerOptionsError(problems);
  const origin = origins.includes('*') ? '*' : [...origins];
  return cors({ origin, allowMethods: ['GET', 'HEAD', 'POST'], allowHeaders, exposeHeaders, maxAge });
}

function problemOf(origin: string): string[] {
  const isLike = /^[a-z][a-z\d+.-]*:\/\/[^\s/?#]+$/.test(origin);
  // Schemes of applications have no origin here, and pages of theirs do: capacitor://localhost.
  const proper = URL.canParse(origin) ? new URL(origin).origin : 'null';
  if (origin === '*' || (isLike && (proper === origin || proper === 'null'))) return [];
  const hint = proper === 'null' ? 'write it like https://shop.example' : `write ${proper}`;
  return [`"${origin}" in \`cors.origins\` is no origin: ${hint}.`];
}
