import { CarillonError } from 'carillon';
import { QueryRefusedError, ReadDatabaseError, ReadDatabaseOpenError, ReadOnlyError } from 'carillon/adapters';
import { connectProblem, withoutStop } from '../connection/connect-problem.js';
import { isConnectionError, sqlState } from '../connection/connection-errors.js';

/** What the data is to blame for, and not the storage: values out of range, constraints, what is too large. */
const aboutData = /^(22|23|54)/;

/** A failure of the storage, in Carillon's words. Everything else as it is. */
export function toStorageError(error: unknown): unknown {
  if (error instanceof CarillonError) return error;
  const state = sqlState(error);
  if (state === '' && !isConnectionError(error)) return error;
  if (state === '54000' && /\bindex row\b/.test((error as Error).message)) {
    const problem = 'A text is too long for the key or an index of its table: PostgreSQL holds some 2,700 bytes there';
    return new Error(`${problem} (${(error as Error).message}).`, { cause: error });
  }
  if (aboutData.test(state)) return error;
  const message = withoutStop((error as Error).message);
  return new ReadDatabaseError(`The read database failed: ${message}${state && ` (${state})`}. It is tried again.`, {
    cause: error,
  });
}

/** What a select failed of, in Carillon's words. */
export function toQueryError(error: unknown, sql: string): unknown {
  if (error instanceof CarillonError) return error;
  const state = sqlState(error);
  if (state === '25006') return new ReadOnlyError({ cause: error });
  const { message } = error as Error;
  if (state === '57014') {
    return new QueryRefusedError(
      `A query took too long and was ended: ${message}. Give it an index, or ask for less. It is: ${sql.slice(0, 2_000)}`,
      { cause: error },
    );
  }
  // Syntax, names, types and values: the statement's own fault. The rest is the server's.
  if (/^(0A|22|25|42)/.test(state)) {
    return new QueryRefusedError(`PostgreSQL refuses a query: ${message}. It is: ${sql.slice(0, 2_000)}`, {
      cause: error,
    });
  }
  return toStorageError(error);
}

/** Why a read database could not be opened. */
export function toOpenError(error: unknown, schema: string, url: string): unknown {
  if (error instanceof CarillonError) return error;
  return new ReadDatabaseOpenError(
    `The read database in schema ${schema} cannot be opened: ${connectProblem(error, url)}.`,
    { cause: error },
  );
}
