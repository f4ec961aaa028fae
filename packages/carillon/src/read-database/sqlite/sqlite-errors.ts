import { CarillonError } from '../../definitions/errors.js';
import { QueryRefusedError, ReadDatabaseError, ReadOnlyError } from '../read-database-errors.js';

/** What the driver calls its errors. */
function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '');
}

/** What the data is to blame for, and not the storage. */
const aboutData = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/;

/** A failure of the storage, in Carillon's words. Everything else as it is. */
export function toStorageError(error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof CarillonError || !code.startsWith('SQLITE_') || aboutData.test(code)) return error;
  return new ReadDatabaseError(`The read database failed: ${(error as Error).message} (${code}).`, { cause: error });
}

/** What a select failed of, in Carillon's words. */
export function toQueryError(error: unknown, sql: string): unknown {
  if (error instanceof CarillonError) return error;
  const code = codeOf(error);
  if (code.startsWith('SQLITE_READONLY')) return new ReadOnlyError({ cause: error });
  if (code.startsWith('SQLITE_') && code !== 'SQLITE_ERROR') return toStorageError(error);
  const { message } = error as Error;
  return new QueryRefusedError(`SQLite refuses a query: ${message}. It is: ${sql.slice(0, 2_000)}`, { cause: error });
}
