import { LogWriteError } from 'carillon/adapters';

/** The database has fewer events than this process has seen in it. */
export class LogSetBackError extends LogWriteError {
  constructor({ found, known }: { readonly found: number; readonly known: number }) {
    super(
      `The log in PostgreSQL ends at position ${found}, but this process has seen it reach ${known}: the database was restored from a backup, or ` +
        'a standby was promoted that did not have everything. Nothing was appended. What this process has in memory did not happen there: restart it, ' +
        'and every other process of the application.',
    );
  }
}
