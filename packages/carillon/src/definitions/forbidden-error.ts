import { CarillonError } from './errors.js';

/** Whoever asked may not. */
export class ForbiddenError extends CarillonError {
  constructor(what: string) {
    super('forbidden', `You may not use ${what}.`);
  }
}
