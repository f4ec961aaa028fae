import { CarillonError } from '../definitions/errors.js';
import type { ReadModelFailure } from '../read-database/read-database.js';

/** The read model did not get as far as it was waited for. */
export class ReadModelBehindError extends CarillonError {
  readonly position: number;
  readonly awaited: number;

  constructor(readModel: string, position: number, awaited: number) {
    super(
      'read-model-behind',
      `Read model ${readModel} is at ${position}; ${awaited} was asked for. Try again in a moment.`,
    );
    this.position = position;
    this.awaited = awaited;
  }
}

/** The read model is built for the first time, and answers nothing until it has caught up. */
export class ReadModelBuildingError extends CarillonError {
  /** How far it has got. */
  readonly position: number;

  constructor(readModel: string, position: number) {
    super(
      'read-model-building',
      `Read model ${readModel} is being built: it has got to position ${position}, and answers when it has caught up. Ask again later.`,
    );
    this.position = position;
  }
}

/** A position was asked for that the log has not reached. */
export class PositionAheadError extends CarillonError {
  readonly head: number;

  constructor(awaited: number, head: number) {
    super('position-ahead', `Position ${awaited} was asked for, but the log ends at ${head}.`);
    this.head = head;
  }
}

/** The read model has stopped at an event that its handler could not handle, and will not get further by itself. */
export class ReadModelFailedError extends CarillonError {
  readonly failure: ReadModelFailure;
  /** Whether queries are answered as of the event before: otherwise it was never built, and answers nothing. */
  readonly isServing: boolean;

  constructor(readModel: string, failure: ReadModelFailure, isServing: boolean) {
    super(
      'read-model-failed',
      `Read model ${readModel} stopped at position ${failure.position} (${failure.eventType}): ${failure.message}\n` +
        'Mend the handler and start again, or resume it.',
    );
    this.failure = failure;
    this.isServing = isServing;
  }
}

/** More is asked than can be kept track of. */
export class QueriesOverloadedError extends CarillonError {
  constructor(message: string) {
    super('overloaded', message);
  }
}
