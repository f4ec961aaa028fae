import type { Application, CommandsOf, QueriesOf } from '../definitions/application.js';
import type { CommandData, RejectionCode } from '../definitions/command.js';
import type { JsonObject } from '../definitions/json.js';
import type { Answer, QueryParams, QueryResult } from '../definitions/query.js';
import type { CommandResult, Receipt } from '../definitions/receipt.js';
import { AnswerCache } from './answer-cache.js';
import type { ClientOptions, ExecuteOptions, QueryOptions, SubscribeOptions } from './client-options.js';
import { newCommandId } from './command-id.js';
import { isJsonAnswer, problemOfResponse } from './http-problem-error.js';
import type { Jsonified } from './jsonified.js';
import { querySearch } from './query-search.js';
import { retrying } from './retry.js';
import { positionOf, subscription } from './subscription.js';
import { Transport } from './transport.js';

/** The names of an application's commands. */
export type CommandName<App> = CommandsOf<App>['type'];

/** The names of an application's queries. */
export type QueryName<App> = QueriesOf<App>['type'];

/** What a command of an application takes. */
export type DataOfCommand<App, Name> = CommandData<Extract<CommandsOf<App>, { readonly type: Name }>>;

/** What the server says to a command of an application: a receipt, or a rejection with one of that command's codes. */
export type ResultOfCommand<App, Name> = CommandResult<
  RejectionCode<Extract<CommandsOf<App>, { readonly type: Name }>>
>;

/** What a query of an application takes. */
export type ParamsOfQuery<App, Name> = QueryParams<Extract<QueriesOf<App>, { readonly type: Name }>>;

/** What a query of an application answers, as it comes through JSON, with the position that it reflects. */
export type AnswerOfQuery<App, Name> = Answer<Jsonified<QueryResult<Extract<QueriesOf<App>, { readonly type: Name }>>>>;

/** Who is told about the answers of a subscription. */
export interface Watcher<A extends Answer> {
  /** Called with the answer now, and again each time it has changed. */
  readonly onAnswer: (answer: A) => void;
  /** Called at most once: asking again would not help, so there is nothing more to come. */
  readonly onError: (error: unknown) => void;
  /** Called when the connection is there, and when it is lost and being made again. */
  readonly onConnection?: ((state: 'open' | 'lost') => void) | undefined;
  /** The first answer waits until the read model has got this far: a receipt, or a position. */
  readonly after?: Receipt | number | undefined;
}

/** A client of a running application, typed by its definitions. */
export interface Client<App extends Application<any, any>> {
  /**
   * Sends a command. It carries a command id, so that sending it again after a lost connection has no second effect;
   * this is done by itself.
   *
   * @returns a receipt, or a rejection with one of the command's codes
   * @throws HttpProblemError, ConnectionError; the signal's reason when it is aborted
   */
  execute<Name extends CommandName<App>>(
    name: Name,
    data: DataOfCommand<App, Name>,
    options?: ExecuteOptions,
  ): Promise<ResultOfCommand<App, Name>>;

  /**
   * Asks a query. An answer that has not changed is not sent again: then the very same result is returned, which must not be changed.
   *
   * @throws HttpProblemError, ConnectionError; the signal's reason when it is aborted
   */
  query<Name extends QueryName<App>>(
    name: Name,
    params: ParamsOfQuery<App, Name>,
    options?: QueryOptions,
  ): Promise<AnswerOfQuery<App, Name>>;

  /**
   * Asks a query now, and again each time its answer has changed, until the signal is aborted or the loop is left. Lost connections
   * are made again.
   *
   * @throws HttpProblemError, out of the loop, when asking again would not help
   */
  subscribe<Name extends QueryName<App>>(
    name: Name,
    params: ParamsOfQuery<App, Name>,
    options?: SubscribeOptions,
  ): AsyncIterable<AnswerOfQuery<App, Name>>;

  /**
   * The same with functions to call, for user interfaces:
   * `useEffect(() => client.watch('Availability', { titleId }, { onAnswer: setAnswer, onError: setError }), [titleId])`.
   *
   * @returns a function that ends it; nothing is called after that
   */
  watch<Name extends QueryName<App>>(
    name: Name,
    params: ParamsOfQuery<App, Name>,
    watcher: Watcher<AnswerOfQuery<App, Name>>,
  ): () => void;
}

/**
 * Makes a client. Its types come from the application's, so import only that: `import type { library } from './library.js'`.
 *
 * ```ts
 * const client = createClient<typeof library>('http://127.0.0.1:8080/library');
 * const result = await client.execute('BorrowCopy', { copyId: 'c1', memberId: 'ada' });
 * if (result.rejected) console.log(result.code);          // 'AlreadyOut' | 'LoanLimit' | …
 * else console.log((await client.query('Availability', { titleId: 't1' }, { after: result })).result);
 * ```
 *
 * @param baseUrl where the application is mounted; in a browser, it may be a path that begins with `/` or `.`
 * @throws CarillonError `client-url-invalid`
 */
export function createClient<App extends Application<any, any>>(
  baseUrl: string,
  options: ClientOptions = {},
): Client<App> {
  const transport = new Transport(baseUrl, options);
  const cache = new AnswerCache(options.maxCachedAnswers ?? 100);

  const execute = (name: string, data: unknown, { commandId = newCommandId(), signal }: ExecuteOptions = {}) => {
    const url = transport.url('commands', name);
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': commandId };
    const init = { method: 'POST', headers, body: JSON.stringify(data) };
    return retrying(transport.retry, signal, () => transport.send(url, init, signal, readCommandResult));
  };

  const query = (name: string, params: unknown, { after, signal }: QueryOptions = {}) => {
    const url = transport.url('queries', name, querySearch(params));
    const position = positionOf(after);
    return retrying(transport.retry, signal, () => {
      const known = cache.get(url);
      const headers: Record<string, string> = { Accept: 'application/json' };
      if (known !== undefined) headers['If-None-Match'] = known.etag;
      if (position !== undefined) headers['Carillon-After'] = String(position);
      return transport.send(url, { headers }, signal, (response) => {
        if (response.status === 304 && known !== undefined) return Promise.resolve(answerOf(response, known.result));
        return isJsonAnswer(response) ? readAnswer(response, url, cache) : undefined;
      });
    });
  };

  const subscribe = (name: string, params: unknown, subscribeOptions: SubscribeOptions = {}) =>
    subscription<unknown>(transport, transport.url('queries', name, querySearch(params)), subscribeOptions);

  const watch = (name: string, params: unknown, watcher: Watcher<Answer>) => {
    const abort = new AbortController();
    const { onAnswer, onError, onConnection, after } = watcher;
    const tell = async () => {
      const told = (state: 'open' | 'lost') => {
        if (!abort.signal.aborted) onConnection?.(state);
      };
      for await (const answer of subscribe(name, params, { signal: abort.signal, onConnection: told, after })) {
        if (!abort.signal.aborted) onAnswer(answer);
      }
    };
    tell().catch((error: unknown) => {
      if (!abort.signal.aborted) onError(error);
    });
    return () => abort.abort();
  };

  return { execute, query, subscribe, watch } as unknown as Client<App>;
}

/** A receipt or a rejection; undefined when the answer is another problem. */
function readCommandResult(response: Response): Promise<CommandResult> | undefined {
  if (isJsonAnswer(response)) return response.json() as Promise<CommandResult>;
  return response.status === 422 ? readRejection(response) : undefined;
}

async function readRejection(response: Response): Promise<CommandResult> {
  const error = await problemOfResponse(response);
  const { type, code, detail, details } = error.problem;
  if (type !== 'urn:carillon:problem:rejected') throw error;
  const rejection = { rejected: true, code, message: detail } as const;
  return details === undefined ? rejection : { ...rejection, details: details as JsonObject };
}

async function readAnswer(response: Response, url: string, cache: AnswerCache): Promise<Answer> {
  const etag = response.headers.get('etag');
  const result: unknown = await response.json();
  if (etag !== null) cache.set(url, { etag, result });
  return answerOf(response, result);
}

function answerOf(response: Response, result: unknown): Answer {
  return { result, position: Number(response.headers.get('carillon-position')) };
}
