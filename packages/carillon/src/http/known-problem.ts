import { randomUUID } from 'node:crypto';
import { CommandConflictError } from '../deciding/deciding-errors.js';
import { CarillonError, ValidationError } from '../definitions/errors.js';
import { PositionAheadError, ReadModelBehindError, ReadModelFailedError } from '../querying/querying-errors.js';
import type { Logger } from './logger.js';
import { Problem } from './problem.js';

/**
 * The problem that an error amounts to. What is not known to be meant for the caller becomes an `internal-error` with a
 * random incident id, and only the log learns more: no stack, path or SQL leaves the process.
 */
export function knownProblem(error: unknown, logger: Logger, where: object): Problem {
  if (error instanceof Problem) return error;
  const known = error instanceof CarillonError ? fromCarillonError(error) : undefined;
  if (known !== undefined && !hidesItsCause.has(known.code)) return known;

  const incident = randomUUID();
  logger.error({ ...where, incident, err: error }, known?.message ?? 'A request failed.');
  if (known !== undefined) return new Problem(known.code, known.message, { ...known.facts, incident });
  return new Problem(
    'internal-error',
    'The request failed for a reason that is not yours. Whoever runs the server finds it in the log by the incident id.',
    { incident },
  );
}

/** Problems of whose cause only the log may know. */
const hidesItsCause: ReadonlySet<string> = new Set(['storage-failed', 'outcome-unknown', 'read-model-failed']);

function fromCarillonError(error: CarillonError): Problem | undefined {
  if (error instanceof ValidationError) {
    const issues = error.issues.map(({ path, message }) => ({ path, message }));
    return new Problem('validation-failed', firstLine(error.message), { issues });
  }
  if (error instanceof CommandConflictError) {
    const { attempts, conflictingPosition } = error;
    return new Problem('command-conflict', error.message, { attempts, conflictingPosition });
  }
  if (error instanceof ReadModelBehindError) {
    const { position, awaited } = error;
    return new Problem('read-model-behind', error.message, { position, awaited });
  }
  if (error instanceof PositionAheadError) return new Problem('position-ahead', error.message, { head: error.head });

  switch (error.code) {
    case 'unauthenticated':
      return new Problem('unauthenticated', error.message, {}, { headers: { 'WWW-Authenticate': 'Bearer' } });
    case 'forbidden':
      return new Problem('forbidden', error.message);
    case 'reaction-unknown':
    case 'process-unknown':
      return new Problem('not-found', error.message);
    case 'event-not-parked':
      return new Problem('event-not-parked', error.message);
    case 'role-missing':
      return new Problem('role-missing', error.message);
    case 'command-id-reused':
      return new Problem('command-id-reused', error.message);
    case 'log-limit':
      return new Problem('content-too-large', error.message);
    case 'log-overloaded':
    case 'read-database-overloaded':
    case 'overloaded':
      return new Problem('overloaded', error.message);
    case 'not-running':
    case 'log-closed':
    case 'read-database-closed':
      return new Problem('not-running', 'The application is stopping. Ask again in a moment.');
    case 'log-write-failed':
      return new Problem(
        'storage-failed',
        'The log could not be read or written. Nothing has changed; ask again later.',
      );
    case 'read-database-failed':
      return new Problem('storage-failed', 'The read models cannot be read now. Ask again later.');
    case 'log-outcome-unknown':
      return outcomeUnknown();
    case 'read-model-building':
      return new Problem('read-model-building', error.message);
    case 'read-model-failed':
      return new Problem(
        'read-model-failed',
        error instanceof ReadModelFailedError && !error.isServing
          ? 'The read model stopped before it was built for the first time, and answers nothing. Ask again when it has been mended.'
          : 'The read model has stopped and does not get as far as was asked for. Ask again without Carillon-After to get ' +
              'what it holds, or when it has been mended.',
      );
    default:
      return undefined;
  }
}

/** Of a command of which it cannot be said now whether it was done, or will be yet. */
export function outcomeUnknown(): Problem {
  return new Problem(
    'outcome-unknown',
    'The storage does not answer, and it is not known whether the command was done. Send it again later with the same ' +
      'Idempotency-Key: it has one effect. If it had none, look whether it was done first.',
  );
}

function firstLine(message: string): string {
  const end = message.indexOf('\n');
  return end === -1 ? message : message.slice(0, end).replace(/:$/, '; "issues" names every field.');
}
