import { createHash } from 'node:crypto';
import type { Actor } from '../definitions/actor.js';
import type { Application } from '../definitions/application.js';
import { type Clock, systemClock } from '../definitions/clock.js';
import { CarillonError, ValidationError } from '../definitions/errors.js';
import { ForbiddenError } from '../definitions/forbidden-error.js';
import type { Executable, QueryDefinition, QueryRequest } from '../definitions/query.js';
import { type Validated, validate } from '../definitions/schema.js';
import { calendar, type Today } from '../definitions/today.js';
import type { ReadDatabaseReader } from '../read-database/read-database.js';
import { ReadModelBuildingError } from './querying-errors.js';

/** An answer as it goes over the wire, and what it was read from. */
export interface RunAnswer {
  /** The result as JSON; `null` for a result that has none. */
  readonly json: string;
  readonly position: number;
  /** The same for the same result: 128 bits of SHA-256 of `json`, in base64url. */
  readonly hash: string;
  /** The tables it was read from, by their declared names. */
  readonly tables: readonly string[];
}

/** Runs queries on snapshots of the read database. */
export class QueryRunner {
  readonly #application: Application<any, any>;
  readonly #reader: ReadDatabaseReader;
  readonly #clock: Clock;
  readonly #today: (now: Date) => Today;

  constructor(application: Application<any, any>, reader: ReadDatabaseReader, clock: Clock = systemClock) {
    this.#application = application;
    this.#reader = reader;
    this.#clock = clock;
    this.#today = calendar(application.timeZone);
  }

  /**
   * Runs a query whose parameters were checked with `checkQuery`.
   *
   * @throws whatever its `run` throws
   * @throws ReadModelBuildingError when the read model has not caught up for the first time yet
   */
  async run(name: string, params: unknown, actor?: Actor): Promise<RunAnswer> {
    const query = this.#application.queries.get(name) as QueryDefinition;
    const now = this.#clock();
    const context = { now, today: this.#today(now), actor };
    const { result, position, isServing, tables } = await this.#reader.snapshot(query.from, async (db) => {
      const returned = await query.run(db, params, context);
      return isExecutable(returned) ? returned.execute() : returned;
    });
    if (!isServing) throw new ReadModelBuildingError(query.from.name, position);
    const json = JSON.stringify(result) ?? 'null';
    const hash = createHash('sha256').update(json).digest().subarray(0, 16).toString('base64url');
    return { json, position, hash, tables };
  }
}

/**
 * Whether the question may be asked, and its parameters as the schema gives them.
 *
 * @throws ValidationError, ForbiddenError
 * @throws CarillonError `query-unknown` when it is no query of the application
 */
export async function checkQuery(
  application: Application<any, any>,
  { query, params }: QueryRequest,
  actor: Actor | undefined,
): Promise<unknown> {
  if (application.queries.get(query.type) !== query) {
    const message = `Query ${query.type} does not belong to application ${application.name}. Add it to a module.`;
    throw new CarillonError('query-unknown', message);
  }
  const checked: Validated<unknown> = await validate(query.schema, params);
  if (checked.issues !== undefined) throw new ValidationError(`The input of query ${query.type}`, checked.issues);
  if (query.authorize !== undefined && !query.authorize(actor, checked.value)) {
    throw new ForbiddenError(`query ${query.type}`);
  }
  return checked.value;
}

function isExecutable(value: unknown): value is Executable<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Executable<unknown>).execute === 'function';
}
