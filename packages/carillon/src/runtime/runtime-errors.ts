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

/** That version of a read model is not stored. */
export class UnknownVersionError extends CarillonError {
  constructor(name: string, version: number, known: readonly { readonly name: string; readonly version: number }[]) {
    const others = known.map((one) => `${one.name}@${one.version}`).join(', ') || 'none';
    super(
      'read-model-version-unknown',
      `There is no version ${version} of read model ${name} to drop. Stored and not used by this application: ${others}.`,
    );
  }
}
