/**
 * A client of a running application, for browsers and Node, typed by the application's definitions.
 *
 * @packageDocumentation
 */
export {
  type AnswerOfQuery,
  type Client,
  type CommandName,
  createClient,
  type DataOfCommand,
  type ParamsOfQuery,
  type QueryName,
  type ResultOfCommand,
  type Watcher,
} from './client.js';
export type { ClientHeaders, ClientOptions, ExecuteOptions, QueryOptions, SubscribeOptions } from './client-options.js';
export { ConnectionError, HttpProblemError, type ProblemDocument } from './http-problem-error.js';
export type { Jsonified } from './jsonified.js';
export type { RetryOptions } from './retry.js';
