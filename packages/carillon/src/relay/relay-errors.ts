import { CarillonError } from '../definitions/errors.js';
import type { Publisher } from './transport.js';

/** Something was sent of a module that its log does not have. */
export class RelayAheadError extends CarillonError {
  constructor({ system, module }: Publisher, position: number, head: number, transport: string) {
    const problem = position > head ? `and the log ends at ${head}` : 'and the log has another event there';
    super(
      'relay-ahead',
      `${transport} keeps events of module ${module} of ${system} up to position ${position}, ${problem}. ` +
        'Either the log was restored from an older backup, or another service publishes under the same name. ' +
        'Nothing is sent until one of them is put right.',
    );
  }
}

/** The log of a module is not the one any more that events came in from. */
export class PublisherChangedError extends CarillonError {
  constructor({ system, module }: Publisher, position: number) {
    super(
      'publisher-changed',
      `The event at position ${position} of module ${module} of ${system} that came in does not stand in its log any more. ` +
        'Either that log was restored from an older backup, or another service hosts the module, too. ' +
        'Nothing comes in from it until one of them is put right.',
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
