import type pg from 'pg';
import { sqlState } from '../connection/connection-errors.js';
import { toStorageError } from './postgres-errors.js';

/** How many statements a connection keeps prepared. */
const maxNamed = 400;

/** What statements without parameters came to. */
export interface BatchResult<Row> {
  readonly rows: readonly Row[];
  /** What the last one did: `COMMIT`, or `ROLLBACK` where a transaction could not be committed. */
  readonly command: string | undefined;
}

/** Statements of one connection: what is executed a second time is prepared, and planned once. */
export class NamedStatements {
  readonly #client: pg.ClientBase;
  readonly #answerTimeoutMs: number;
  /** Names by SQL; undefined for what was executed once. */
  readonly #names = new Map<string, string | undefined>();
  #named = 0;

  /** @param answerTimeoutMs after which a connection that says nothing is taken to be lost */
  constructor(client: pg.ClientBase, answerTimeoutMs: number) {
    this.#client = client;
    this.#answerTimeoutMs = answerTimeoutMs;
  }

  /** Executes one statement; rows are lists of the texts that PostgreSQL sends. @throws what `translate` makes of the driver's error */
  async run(
    sql: string,
    values: readonly unknown[],
    translate: (error: unknown) => unknown = toStorageError,
  ): Promise<pg.QueryArrayResult<(string | null)[]>> {
    const name = this.#name(sql);
    try {
      return await this.#client.query<(string | null)[]>({
        ...(name === undefined ? {} : { name }),
        text: sql,
        values: values as unknown[],
        rowMode: 'array',
        query_timeout: this.#answerTimeoutMs,
        types: { getTypeParser: () => asText },
      } as pg.QueryArrayConfig);
    } catch (error) {
      if (!isStalePlan(error)) throw translate(error);
      this.#names.clear();
      throw toStorageError(error);
    }
  }

  /** Executes statements that take no parameters, in one round trip, and gives the result of the last that has rows. */
  async batch<Row extends pg.QueryResultRow>(...sql: readonly string[]): Promise<BatchResult<Row>> {
    try {
      const results = (await this.#client.query({
        text: sql.join('; '),
        query_timeout: this.#answerTimeoutMs,
      } as pg.QueryConfig)) as unknown as pg.QueryResult<Row> | pg.QueryResult<Row>[];
      const all = Array.isArray(results) ? results : [results];
      return { rows: all.findLast(({ fields }) => fields.length > 0)?.rows ?? [], command: all.at(-1)?.command };
    } catch (error) {
      throw toStorageError(error);
    }
  }

  #name(sql: string): string | undefined {
    const isKnown = this.#names.has(sql);
    let name = this.#names.get(sql);
    if (isKnown && name === undefined && this.#named < maxNamed) name = `carillon_${++this.#named}`;
    if (!isKnown && this.#names.size >= 10 * maxNamed) this.#forgetOnce();
    this.#names.set(sql, name);
    return name;
  }

  /** Those that were executed once only leave; the prepared ones are there as long as the connection. */
  #forgetOnce(): void {
    for (const [sql, name] of this.#names) if (name === undefined) this.#names.delete(sql);
  }
}

/** A table was made anew with other columns, and a statement had been prepared on the old one: the next try prepares it again. */
function isStalePlan(error: unknown): boolean {
  return sqlState(error) === '0A000' && /cached plan/.test((error as Error).message);
}

function asText(text: string | Buffer): string {
  return text as string;
}
