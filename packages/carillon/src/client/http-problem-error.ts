import { CarillonError, type Issue } from '../definitions/errors.js';

/** A problem document (RFC 9457), as the server sends it. */
export interface ProblemDocument {
  /** `urn:carillon:problem:<code>`; `about:blank` when the answer came from something else than Carillon. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly [fact: string]: unknown;
}

/**
 * The server refused a request or could not answer it. `code` tells why: `validation-failed`, `forbidden`,
 * `command-conflict`, …; the reference of problem types lists them all.
 */
export class HttpProblemError extends CarillonError {
  readonly status: number;
  readonly problem: ProblemDocument;
  /** Every field that is wrong; empty unless that is the problem. */
  readonly issues: readonly Issue[];
  /** When it may be worth asking again, in milliseconds from now, if the server said so. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: ProblemDocument, retryAfterMs?: number) {
    const issues = Array.isArray(problem['issues']) ? (problem['issues'] as Issue[]) : [];
    super(problem.code, `${problem.title}: ${detailWith(issues, problem.detail)}`);
    this.status = problem.status;
    this.problem = problem;
    this.issues = issues;
    this.retryAfterMs = retryAfterMs;
  }
}

/** How many fields a message names at most. */
const maxIssuesSaid = 10;

/** The detail, with the fields that it only points to. */
function detailWith(issues: readonly Issue[], detail: string): string {
  if (issues.length === 0) return detail;
  const lines = issues.slice(0, maxIssuesSaid).map(({ path, message }) => `${path || '(the whole value)'}: ${message}`);
  if (issues.length > maxIssuesSaid) lines.push(`… and ${issues.length - maxIssuesSaid} more`);
  return `${detail.replace(/; "issues" names every field\.$/, ':')}\n  ${lines.join('\n  ')}`;
}

/** The server could not be reached, or the connection was lost, as often as it was tried. */
export class ConnectionError extends CarillonError {
  constructor(url: string, cause: unknown) {
    super('connection-failed', `${url} cannot be reached. Look at whether the server runs and the network is there.`, {
      cause,
    });
  }
}

/** The error that a failed answer amounts to. */
export async function problemOfResponse(response: Response): Promise<HttpProblemError> {
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'));
  const text = await response.text();
  if (response.headers.get('content-type')?.startsWith('application/problem+json') === true) {
    try {
      const document: unknown = JSON.parse(text);
      if (isProblemDocument(document)) return new HttpProblemError(document, retryAfterMs);
    } catch {
      // Something on the way has changed it: the status has to do.
    }
  }
  const { status } = response;
  const title = response.statusText === '' ? `HTTP ${status}` : response.statusText;
  const detail = 'The answer is none of Carillon: look at what is between client and server.';
  return new HttpProblemError({ type: 'about:blank', title, status, detail, code: `http-${status}` }, retryAfterMs);
}

/** Whether a value is a problem document of Carillon. */
export function isProblemDocument(value: unknown): value is ProblemDocument {
  if (typeof value !== 'object' || value === null) return false;
  const { type, title, status, detail, code } = value as Partial<ProblemDocument>;
  return [type, title, detail, code].every((text) => typeof text === 'string') && typeof status === 'number';
}

function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** Whether an answer is what Carillon answers when nothing is wrong. Pages of proxies are not. */
export function isJsonAnswer(response: Response): boolean {
  return response.ok && response.headers.get('content-type')?.startsWith('application/json') === true;
}
