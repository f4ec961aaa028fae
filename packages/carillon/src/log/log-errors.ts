import { CarillonError } from '../definitions/errors.js';

/** Events matching the append condition exist: somebody else was first. Nothing was appended. */
export class AppendConditionError extends CarillonError {
  /** The position of the first event that matches the condition. */
  readonly conflictingPosition: number;

  constructor(conflictingPosition: number) {
    super(
      'append-condition-failed',
      `An event at position ${conflictingPosition} matches the append condition. Read again and decide again.`,
    );
    this.conflictingPosition = conflictingPosition;
  }
}

/** The query means nothing. */
export class InvalidLogQueryError extends CarillonError {
  constructor(problem: string) {
    super('log-query-invalid', `The log query cannot be used: ${problem}`);
  }
}

/** What should be appended is no event: its data has no JSON form, its type is empty. Nothing was appended. */
export class InvalidEventError extends CarillonError {
  constructor(type: string, problem: string, options?: { cause?: unknown }) {
    super('event-invalid', `An event of type ${type} cannot be appended: ${problem}`, options);
  }
}

/** More than the log takes in one go, or less. Nothing was appended. */
export class LogLimitError extends CarillonError {
  constructor(message: string) {
    super('log-limit', message);
  }
}

/** More appends wait to be written than the log holds in memory. Nothing of this append was kept. */
export class LogOverloadedError extends CarillonError {
  constructor(waiting: number) {
    super('log-overloaded', `${waiting} events wait to be written. Nothing was appended; try again in a moment.`);
  }
}

/** The log was closed. */
export class LogClosedError extends CarillonError {
  constructor() {
    super('log-closed', 'The log is closed. Open it again to use it.');
  }
}

/** The storage failed: the disk is full, a file is gone. Nothing of this append was kept. */
export class LogWriteError extends CarillonError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('log-write-failed', message, options);
  }
}

/** The storage failed while events were being appended, and could not be asked since: they may be in the log, or not. */
export class LogOutcomeUnknownError extends CarillonError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('log-outcome-unknown', message, options);
  }
}

/** The folder is held by another process, or holds something that is no log of this version. */
export class LogOpenError extends CarillonError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('log-open-failed', message, options);
  }
}
