/**
 * Definitions: what an application is made of. Pure, no I/O, runs in a browser.
 *
 * @packageDocumentation
 */
export type { Actor } from './definitions/actor.js';
export {
  type Application,
  type ApplicationOptions,
  application,
  type CommandsOf,
  type Owners,
  type QueriesOf,
} from './definitions/application.js';
export { boolean, type Column, type ColumnKind, integer, json, real, text } from './definitions/column.js';
export {
  type CommandData,
  type CommandDefinition,
  type CommandOptions,
  type CommandRequest,
  command,
  type Decided,
  type Decision,
  type FoldsEvents,
  type Reads,
  type RejectionCode,
  type StatesOf,
} from './definitions/command.js';
export type { Duration } from './definitions/duration.js';
export { CarillonError, DefinitionError, type Issue, ValidationError } from './definitions/errors.js';
export {
  type DataOf,
  type EventDefinition,
  type EventOptions,
  type EventSchema,
  event,
  type NewEvent,
  type RecordedEvent,
  UnknownEventError,
} from './definitions/event.js';
export { type HostingOptions, hosting } from './definitions/hosting.js';
export type { AsJson, Json, JsonObject, NotJson } from './definitions/json.js';
export {
  type AnyReaction,
  type ModuleDefinition,
  type ModuleEvents,
  type ModuleOptions,
  module,
} from './definitions/module.js';
export {
  type NextState,
  type ProcessActions,
  type ProcessManagerDefinition,
  type ProcessManagerOptions,
  type ProcessNames,
  type ProcessStep,
  type ProcessSteps,
  processManager,
} from './definitions/process-manager.js';
export {
  type Answer,
  type Executable,
  type QueryContext,
  type QueryDefinition,
  type QueryOptions,
  type QueryParams,
  type QueryRequest,
  type QueryResult,
  query,
  type ReadsFrom,
  type Resolved,
} from './definitions/query.js';
export type { QueryDatabase, QueryRows, Ranking, Search, SearchableTable } from './definitions/query-database.js';
export {
  type ReactionContext,
  type ReactionDefinition,
  type ReactionOptions,
  type RecordedEventOf,
  type RetryPolicy,
  reaction,
  type StartsAt,
} from './definitions/reaction.js';
export {
  type Change,
  type Handler,
  type ReadModelDefinition,
  type ReadModelOptions,
  readModel,
  type Tables,
  type TableWriter,
  type TableWriters,
  type Where,
} from './definitions/read-model.js';
export type { CommandResult, Receipt } from './definitions/receipt.js';
export { isRejection, type Rejection, type RejectionMessages } from './definitions/rejection.js';
export type { Input, Output, Schema } from './definitions/schema.js';
export {
  type Fold,
  type StateDefinition,
  type StateKey,
  type StateOf,
  type StateReference,
  type StateTags,
  state,
} from './definitions/state.js';
export {
  type Columns,
  type NewRow,
  type Row,
  type RowKey,
  type RowOf,
  type TableDefinition,
  type TableOptions,
  table,
} from './definitions/table.js';
export { type TagValue, type TagValues, tag } from './definitions/tag.js';
export { type IsoDate, Today } from './definitions/today.js';
