/**
 * What adapters are made of: the parts of logs and read databases that every adapter can use. For authors of adapters; it may change
 * with any minor version.
 *
 * @packageDocumentation
 */

export { type Clock, systemClock } from '../definitions/clock.js';
export type { Beat, Lease, LeaseStore, Roster } from '../leasing/lease-store.js';
export { MemoryLeaseStore } from '../leasing/memory-lease-store.js';
export { checkRoom, encodeAppend, type PendingEvents } from '../log/append-limits.js';
export { type EncodedEvent, EventCodec, type StoredEvent } from '../log/event-codec.js';
export { type LogSeeds, newLogSeeds } from '../log/event-id.js';
export {
  AppendConditionError,
  InvalidEventError,
  InvalidLogQueryError,
  LogClosedError,
  LogLimitError,
  LogOpenError,
  LogOutcomeUnknownError,
  LogOverloadedError,
  LogWriteError,
} from '../log/log-errors.js';
export { maxEventsPerAppend, maxPendingBytes, maxPendingEvents, maxReadLimit } from '../log/log-limits.js';
export { checkLogQuery, type LogQuery, type LogQueryItem, matches } from '../log/log-query.js';
export type { ArchiveRange } from '../log/log-storage.js';
export { checkPosition, checkReadOptions, type ReadRange } from '../log/read-options.js';
export { RecentEvents } from '../log/recent-events.js';
export { comparedWords, foldWord, nearestWords, type WordRange } from '../read-database/nearest-words.js';
export {
  type BuildName,
  isSearchable,
  physicalSchema,
  tablesFingerprint,
  tablesOf,
} from '../read-database/physical-schema.js';
export { toParameter } from '../read-database/query-parameter.js';
export type {
  BuildState,
  Cell,
  FindOptions,
  ReadDatabaseReader,
  ReadDatabaseWriter,
  ReadModelFailure,
  ReadModelState,
  ReadModelTransaction,
  RowUpdates,
  Snapshot,
  StoredKey,
  StoredReadModel,
  StoredRow,
  TableChanges,
} from '../read-database/read-database.js';
export {
  BuildGoneError,
  CheckpointMovedError,
  QueryRefusedError,
  ReadDatabaseClosedError,
  ReadDatabaseError,
  ReadDatabaseOpenError,
  ReadModelChangedError,
  ReadModelInUseError,
  ReadOnlyError,
  RowExistsError,
  RowMissingError,
} from '../read-database/read-database-errors.js';
export { indexWords, searchWords } from '../read-database/search-words.js';
export { searchedText } from '../read-database/searched-text.js';
export {
  type BuildStatus,
  buildOf,
  nextBuild,
  preparedState,
  type StoredBuild,
  stateOf,
  stateOfAny,
} from '../read-database/stored-build.js';
export { TurnQueue } from '../read-database/turn-queue.js';
