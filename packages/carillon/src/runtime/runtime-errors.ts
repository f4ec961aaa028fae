import { CarillonError } from '../definitions/errors.js';

/** The application is closing or closed. */
export class NotRunningError extends CarillonError {
  constructor() {
    super('not-running', 'The application is closing or closed. Start it again, or ask another process.');
  }
}

/** No read model has that name. */
export class UnknownReadModelError extends CarillonError {
  constructor(name: string, known: readonly string[]) {
    super('read-model-unknown', `There is no read model ${name}. There are: ${known.join(', ') || 'none'}.`);
  }
}
