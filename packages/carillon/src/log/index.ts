/**
 * The log: the ordered, durable sequence of all events of one application.
 *
 * @packageDocumentation
 */
export type { AppendCondition, Appended, Loaded, LoadRead, Log, ReadOptions } from './log.js';
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
} from './log-errors.js';
export {
  maxEventBytes,
  maxEventIdLength,
  maxEventsPerAppend,
  maxEventTypeLength,
  maxPendingBytes,
  maxPendingEvents,
  maxReadLimit,
} from './log-limits.js';
export { allEvents, checkLogQuery, type LogQuery, type LogQueryItem, matches, maxQueryItems } from './log-query.js';
export { type MemoryLogOptions, memoryLog } from './memory-log.js';
export { type ReadAllOptions, readAll } from './read-all.js';
export { logFile, openSqliteLog, type SqliteLogOptions } from './sqlite/sqlite-log.js';
export { type LogReader, openSqliteLogReader } from './sqlite/sqlite-log-reader.js';
