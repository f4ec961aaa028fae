import { LogOutcomeUnknownError, LogWriteError } from 'carillon/adapters';

/** What is said to those whose appends are waited for no longer, because the log is closed. */
export function closedInBetween(): LogOutcomeUnknownError {
  return new LogOutcomeUnknownError(
    'The log was closed before PostgreSQL had said whether these events were appended. Look for them before you append them again.',
  );
}

/** What is said when somebody else kept the head for himself. */
export function headHeld(cause: unknown): LogWriteError {
  return new LogWriteError(
    'PostgreSQL could not write to the log: a transaction that has appended, or has locked log_head otherwise, does not end. Nothing was appended. ' +
      'SELECT * FROM pg_stat_activity shows it; end it.',
    { cause },
  );
}

/** What is said when the database could not be asked. */
export function askError(cause: unknown): LogWriteError {
  return new LogWriteError(`PostgreSQL could not be asked: ${messageOf(cause)}.`, { cause });
}

/** What is said when a batch failed: the cause itself when it says all there is to say. */
export function writeError(cause: unknown): Error {
  if (cause instanceof LogWriteError || cause instanceof LogOutcomeUnknownError) return cause;
  const message = `PostgreSQL could not write to the log: ${messageOf(cause)}. Nothing was appended.`;
  return new LogWriteError(message, { cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
