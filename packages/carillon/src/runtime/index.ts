/**
 * Puts applications to work.
 *
 * @packageDocumentation
 */

export { CommandConflictError, CommandIdReusedError, InvalidDecisionError } from '../deciding/deciding-errors.js';
export type { Clock } from '../definitions/clock.js';
export { ForbiddenError } from '../definitions/forbidden-error.js';
export type { Beat, Lease, LeaseStore, Roster } from '../leasing/lease-store.js';
export {
  PositionAheadError,
  ReadModelBehindError,
  ReadModelFailedError,
} from '../querying/querying-errors.js';
export type { Claimant } from '../reacting/claim.js';
export type { ProcessHistoryEntry, ProcessView } from '../reacting/process-log.js';
export type { Parked } from '../reacting/progress.js';
export {
  NotParkedError,
  ReactionRunningError,
  UnknownProcessError,
  UnknownReactionError,
} from '../reacting/reacting-errors.js';
export type { ReactionState } from '../reacting/reactions.js';
export type { CommandRejected, ProcessAdvanced } from '../reacting/work-events.js';
export type { ReadModelFailure } from '../read-database/read-database.js';
export { ReadDatabaseOpenError, ReadModelChangedError } from '../read-database/read-database-errors.js';
export { loadApplication } from './load-application.js';
export type { RelayLag, RelayStatus, RelayTrouble } from './relay-status.js';
export { parseRoles, type Role, RoleError } from './roles.js';
export type {
  AskOptions,
  EncodedAnswer,
  ExecuteOptions,
  Health,
  OperatorOptions,
  ReactionStatus,
  ReadModelStatus,
  RunningApplication,
  SharedWork,
} from './running-application.js';
export { NotRunningError, UnknownReadModelError } from './runtime-errors.js';
export {
  type StartEmbeddedOptions,
  type StartInMemoryOptions,
  type StartOptions,
  start,
  startInMemory,
} from './start.js';
export type { StartSharedOptions } from './start-shared.js';
export type { ReadModelFollower, Storage } from './storage.js';
