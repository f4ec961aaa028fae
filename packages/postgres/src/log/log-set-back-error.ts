import { LogWriteError } from 'carillon/adapters';

/** How it was seen that the log was set back. */
export type SetBack =
  /** It has fewer events than this process has seen. */
  | { readonly found: number; readonly known: number }
  /** It has another event at this position: others have appended since. */
  | { readonly replaced: number };

/** The database does not have the events that this process has seen in it. */
export class LogSetBackError extends LogWriteError {
  constructor(how: SetBack) {
    const what =
      'replaced' in how
        ? `The log in PostgreSQL has another event at position ${how.replaced} than this process has seen there`
        : `The log in PostgreSQL ends at position ${how.found}, but this process has seen it reach ${how.known}`;
    super(
      `${what}: the database was restored from a backup, or a standby was promoted that did not have everything. Nothing was appended. ` +
        'What this process has in memory did not happen there: restart it, and every other process of the application.',
    );
  }
}
