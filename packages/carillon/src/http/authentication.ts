import type { Actor } from '../definitions/actor.js';
import { CarillonError } from '../definitions/errors.js';
import type { Logger } from './logger.js';
import { Problem } from './problem.js';

/**
 * Finds out who asks, from the headers of a request. `undefined` is a guest: then `authorize` of the command or query
 * decides. Whoever must not get that far is refused by throwing.
 *
 * @throws UnauthenticatedError, or anything else: both are answered with 401
 */
export type Authenticate = (headers: Headers) => Actor | undefined | Promise<Actor | undefined>;

/** Says that nobody is known by these credentials. Its message is shown to the caller. */
export class UnauthenticatedError extends CarillonError {
  constructor(message = 'Send credentials that are known here, in the Authorization header.') {
    super('unauthenticated', message);
  }
}

/** Who asks. @throws Problem `unauthenticated` */
export async function actorOf(
  authenticate: Authenticate,
  headers: Headers,
  logger: Logger,
): Promise<Actor | undefined> {
  try {
    return await authenticate(headers);
  } catch (error) {
    if (error instanceof UnauthenticatedError) throw error;
    logger.warn({ err: error }, 'Authentication failed.');
    throw new UnauthenticatedError();
  }
}

/**
 * Refuses who may not operate the application.
 *
 * @throws Problem `forbidden`, UnauthenticatedError
 */
export async function checkOperator(
  authenticate: Authenticate | undefined,
  operator: ((actor: Actor | undefined) => boolean) | undefined,
  headers: Headers,
  logger: Logger,
): Promise<void> {
  const actor = authenticate === undefined ? undefined : await actorOf(authenticate, headers, logger);
  const allowed = operator === undefined ? authenticate === undefined || actor !== undefined : operator(actor);
  if (allowed) return;
  if (authenticate !== undefined && actor === undefined) throw new UnauthenticatedError();
  throw new Problem('forbidden', 'Only operators may see this.');
}
