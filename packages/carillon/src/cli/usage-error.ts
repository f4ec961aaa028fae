import { CarillonError } from '../definitions/errors.js';

/** The command line cannot be understood. Ends the program with exit code 2. */
export class UsageError extends CarillonError {
  constructor(message: string) {
    super('usage', message);
  }
}
