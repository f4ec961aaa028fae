import { ConnectionError, HttpProblemError } from 'carillon/client';

/** What went wrong, in words for whoever looks at the page of an application. */
export function inWords(error: unknown, application: string): string {
  if (error instanceof ConnectionError) {
    return `The ${application} does not answer. Look at your connection and try again.`;
  }
  if (error instanceof HttpProblemError) return error.problem.detail;
  return error instanceof Error ? error.message : String(error);
}
