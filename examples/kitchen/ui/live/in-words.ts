import { ConnectionError, HttpProblemError } from 'carillon/client';

/** What went wrong, in words for whoever looks at the page. */
export function inWords(error: unknown): string {
  if (error instanceof ConnectionError) return 'The kitchen does not answer. Look at your connection and try again.';
  if (error instanceof HttpProblemError) return error.problem.detail;
  return error instanceof Error ? error.message : String(error);
}
