import { CarillonError } from '../definitions/errors.js';
import type { Json } from '../definitions/json.js';

/** What every problem of one type has in common. */
interface ProblemType {
  readonly status: number;
  readonly title: string;
  /** After how many seconds it may be worth asking again. */
  readonly retryAfterSeconds?: number;
}

/** Every problem that Carillon answers with, by code. The only place that knows HTTP statuses. */
export const problemTypes = {
  'malformed-json': { status: 400, title: 'The body is not JSON that Carillon takes' },
  'malformed-query': { status: 400, title: 'The query string cannot be read' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'header-invalid': { status: 400, title: 'A header has a value that it cannot have' },
  'validation-failed': { status: 400, title: 'The data does not fit its schema' },
  'position-ahead': { status: 400, title: 'The log has not reached that position' },
  unauthenticated: { status: 401, title: 'It is not known who asks' },
  forbidden: { status: 403, title: 'You may not do this' },
  'host-refused': { status: 403, title: 'This server is not meant by that host name' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'unknown-command': { status: 404, title: 'There is no such command' },
  'unknown-query': { status: 404, title: 'There is no such query' },
  'method-not-allowed': { status: 405, title: 'The method is not possible here' },
  'request-timeout': { status: 408, title: 'The request came too slowly' },
  'command-conflict': { status: 409, title: 'Others were first, again and again' },
  'command-id-reused': { status: 409, title: 'The command id was used for something else' },
  'event-not-parked': { status: 409, title: 'That event is not parked' },
  'content-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON in UTF-8' },
  'role-missing': { status: 421, title: 'Another process does this' },
  rejected: { status: 422, title: 'The command was rejected' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'internal-error': { status: 500, title: 'Something is wrong here' },
  overloaded: { status: 503, title: 'There is more to do than can be done', retryAfterSeconds: 1 },
  'not-running': { status: 503, title: 'The application is stopping', retryAfterSeconds: 2 },
  'not-ready': { status: 503, title: 'The application is not ready', retryAfterSeconds: 2 },
  'storage-failed': { status: 503, title: 'The storage cannot be used now', retryAfterSeconds: 5 },
  'outcome-unknown': { status: 503, title: 'It is not known whether it was done', retryAfterSeconds: 5 },
  'read-model-behind': { status: 503, title: 'The read model has not caught up yet', retryAfterSeconds: 1 },
  'read-model-building': { status: 503, title: 'The read model is being built', retryAfterSeconds: 5 },
  'read-model-failed': { status: 503, title: 'The read model has stopped', retryAfterSeconds: 30 },
} as const satisfies { readonly [code: string]: ProblemType };

/** The code of a problem; `type` is made from it. */
export type ProblemCode = keyof typeof problemTypes;

/** Facts that a problem document carries besides what all of them have. */
export type ProblemFacts = { readonly [name: string]: Json | undefined };

/** What is wrong with a request, and the answer to it. Thrown inside this folder, never out of it. */
export class Problem extends CarillonError {
  override readonly code: ProblemCode;
  readonly facts: ProblemFacts;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    facts: ProblemFacts = {},
    options: { readonly headers?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
  ) {
    super(code, detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.facts = facts;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return problemTypes[this.code].status;
  }
}

/** A problem document (RFC 9457) as it goes over the wire. */
export interface ProblemDocument {
  /** `urn:carillon:problem:<code>`, stable. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The last part of `type`; of a rejected command, the command's own code. */
  readonly code: string;
  readonly [fact: string]: unknown;
}

/** Writes the type of a problem: a URN, so that it promises no page that nobody serves. */
export function problemUrn(code: ProblemCode): string {
  return `urn:carillon:problem:${code}`;
}

/** The document of a problem. */
export function problemDocument(problem: Problem): ProblemDocument {
  const { status, title } = problemTypes[problem.code];
  return {
    type: problemUrn(problem.code),
    title,
    status,
    detail: problem.message,
    code: problem.code,
    ...problem.facts,
  };
}

/** The headers of every problem's answer. */
export function problemHeaders(problem: Problem): Record<string, string> {
  const type: ProblemType = problemTypes[problem.code];
  return {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(type.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(type.retryAfterSeconds) }),
    ...problem.headers,
  };
}

/** The answer to a request that something is wrong with. */
export function problemResponse(problem: Problem): Response {
  return new Response(JSON.stringify(problemDocument(problem)), {
    status: problem.status,
    headers: problemHeaders(problem),
  });
}
