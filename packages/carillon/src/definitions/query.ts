import type { Actor } from './actor.js';
import { DefinitionError } from './errors.js';
import { checkName, checkVersion } from './name.js';
import type { QueryDatabase } from './query-database.js';
import type { ReadModelDefinition, Tables } from './read-model.js';
import { checkSchema, type Input, type Output, type Schema } from './schema.js';
import type { Today } from './today.js';

/** What a query may know besides its parameters. */
export interface QueryContext {
  readonly now: Date;
  /** The date in the application's time zone. */
  readonly today: Today;
  readonly actor: Actor | undefined;
}

/** A select that has not been executed: a query may return one as it is, and gets its rows. */
export interface Executable<Rows> {
  execute(): Promise<Rows>;
}

/** What `query()` takes besides the name. Write the properties in this order: types flow from one to the next. */
export interface QueryOptions<S extends Schema, T extends Tables, Returned, From extends string = string> {
  /** The contract's version, from 1. */
  readonly version?: number;
  /** One sentence for the documentation. */
  readonly description?: string;
  /** What the caller may ask. In a URL every parameter is text: numbers, booleans and lists are recognised by the schema. */
  readonly params: S;
  /** The read model it reads; no other. */
  readonly from: ReadModelDefinition<From, T>;
  /** The shape of the result, for the OpenAPI document. Results are not checked against it. */
  readonly result?: Schema<Resolved<NoInfer<Returned>>, unknown>;
  /** Who may ask; `false` refuses with `forbidden`. */
  readonly authorize?: (actor: Actor | undefined, params: Output<S>) => boolean;
  /**
   * Reads. It cannot write: its connection is read-only. Everything it reads is of one position of the log. What it returns goes
   * through JSON: a `Date` comes out as text, and `undefined` as `null`.
   */
  readonly run: (db: QueryDatabase<T>, params: Output<S>, context: QueryContext) => Returned;
}

/** What a query's `run` comes to: promises awaited, selects executed. */
export type Resolved<Returned> = Awaited<Returned> extends Executable<infer Rows> ? Rows : Awaited<Returned>;

/** A question: which query, with which parameters. Made by calling the definition: `Availability({ titleId })`. */
export interface QueryRequest<Name extends string = string, Params = any, Result = unknown> {
  readonly kind: 'query-request';
  readonly query: QueryDefinition<Name, Params, Result>;
  readonly params: Params;
}

/** The definition of a query: call it with parameters to get a request that `query` takes. */
export interface QueryDefinition<Name extends string = string, Params = any, Result = any> {
  (params: Params): QueryRequest<Name, Params, Result>;
  readonly kind: 'query';
  /** The query's name. (`name` is taken: definitions are functions.) */
  readonly type: Name;
  readonly version: number;
  readonly description: string | undefined;
  readonly schema: Schema;
  readonly resultSchema: Schema | undefined;
  readonly from: ReadModelDefinition<string, any>;
  readonly authorize: ((actor: Actor | undefined, params: any) => boolean) | undefined;
  readonly run: (db: any, params: any, context: QueryContext) => unknown;
  /** Only for the compiler. */
  readonly '~result'?: Result;
}

/** Says, for the compiler, from which read model a query reads. */
export interface ReadsFrom<ReadModel extends string> {
  readonly '~from'?: ReadModel;
}

/** The parameters a query takes, from its definition. */
export type QueryParams<Q extends QueryDefinition> =
  Q extends QueryDefinition<string, infer Params, any> ? Params : never;

/** The result of a query, from its definition. */
export type QueryResult<Q extends QueryDefinition> =
  Q extends QueryDefinition<string, any, infer Result> ? Result : never;

/** A query's result, and the position of the log that it reflects. */
export interface Answer<Result = unknown> {
  readonly result: Result;
  /** Every event up to here that concerns the read model is in the result, and none after. */
  readonly position: number;
}

/**
 * Defines a query: a read of one read model.
 *
 * ```ts
 * export const Availability = query('Availability', {
 *   params: z.object({ titleId: z.string() }),
 *   from: catalogue,
 *   run: (db, p) => db.selectFrom('titles').select(['copies', 'available']).where('titleId', '=', p.titleId),
 * });
 * ```
 *
 * @throws DefinitionError when the name or version is unusable
 */
export function query<const Name extends string, S extends Schema, T extends Tables, Returned, From extends string>(
  name: Name,
  options: QueryOptions<S, T, Returned, From>,
): QueryDefinition<Name, Input<S>, Resolved<Returned>> & ReadsFrom<From> {
  checkName('a query', name);
  const version = options.version ?? 1;
  checkVersion('query', name, version);
  checkSchema(`\`params\` of query ${name}`, options.params);
  if (options.result !== undefined) checkSchema(`\`result\` of query ${name}`, options.result);
  if (typeof options.run !== 'function') throw new DefinitionError(`Query ${name} has no run function.`);

  const request = (params: Input<S>) => ({ kind: 'query-request' as const, query: definition, params });
  const definition: QueryDefinition<Name, Input<S>, Resolved<Returned>> = Object.freeze(
    Object.assign(request, {
      kind: 'query' as const,
      type: name,
      version,
      description: options.description,
      schema: options.params as Schema,
      resultSchema: options.result as Schema | undefined,
      from: options.from,
      authorize: options.authorize,
      run: options.run,
    }),
  );
  return definition;
}
