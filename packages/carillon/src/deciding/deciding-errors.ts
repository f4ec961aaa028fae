import { CarillonError } from '../definitions/errors.js';

/** Others were first each time the command was decided. Nothing has changed. */
export class CommandConflictError extends CarillonError {
  readonly attempts: number;
  readonly conflictingPosition: number;

  constructor(command: string, attempts: number, conflictingPosition: number) {
    super(
      'command-conflict',
      `${command} was decided ${attempts} times, and each time another command had changed what it depends on. Try again.`,
    );
    this.attempts = attempts;
    this.conflictingPosition = conflictingPosition;
  }
}

/** The command id was used before, for something else. */
export class CommandIdReusedError extends CarillonError {
  constructor(commandId: string) {
    super(
      'command-id-reused',
      `The command id ${commandId} was used before, for another command or other data. Use a new id for a new command.`,
    );
  }
}

/** `decide` did something that no decision may do. */
export class InvalidDecisionError extends CarillonError {
  constructor(command: string, problem: string, options?: { cause?: unknown }) {
    super('decision-invalid', `The decision of ${command} cannot be used: ${problem}`, options);
  }
}
