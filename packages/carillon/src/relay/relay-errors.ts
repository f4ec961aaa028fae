import { CarillonError } from '../definitions/errors.js';
import type { Publisher } from './transport.js';

/** More was sent of a module than its log has. */
export class RelayAheadError extends CarillonError {
  constructor({ system, module }: Publisher, position: number, head: number, transport: string) {
    super(
      'relay-ahead',
      `${transport} keeps events of module ${module} of ${system} up to position ${position}, and the log ends at ${head}. ` +
        'Either the log was restored from an older backup, or another service publishes under the same name. ' +
        'Nothing is sent until one of them is put right.',
    );
  }
}

/** Nobody answers for a module: what is missing of it cannot be had now. */
export class PublisherAwayError extends CarillonError {
  constructor({ system, module }: Publisher, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      'publisher-away',
      `No service answers for module ${module} of ${system} (${reason}). Is the service at work that hosts it?`,
      { cause },
    );
  }
}

/** An event came in that follows one which its publisher does not have. */
export class PublisherBehindError extends CarillonError {
  constructor({ system, module }: Publisher, wanted: number, position: number) {
    super(
      'publisher-behind',
      `An event of module ${module} of ${system} came in that follows position ${wanted}, but its log ends at ${position}. ` +
        'Was that log restored from an older backup, or do two services host the module?',
    );
  }
}
