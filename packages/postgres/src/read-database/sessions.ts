import { ReadDatabaseClosedError, ReadDatabaseError } from 'carillon/adapters';
import type pg from 'pg';
import { isConnectionError } from '../connection/connection-errors.js';
import { NamedStatements } from './named-statements.js';
import { toStorageError } from './postgres-errors.js';

/** The connections of one side of a read database. They are replaced when they are lost. */
export class Sessions {
  readonly #pool: pg.Pool;
  readonly #answerTimeoutMs: number;
  readonly #statements = new WeakMap<pg.PoolClient, NamedStatements>();
  #closing: Promise<void> | undefined;

  constructor(pool: pg.Pool, answerTimeoutMs: number) {
    this.#pool = pool;
    this.#answerTimeoutMs = answerTimeoutMs;
  }

  /**
   * Runs `work` on a connection that is its own meanwhile, and rolls back what it leaves open.
   *
   * @throws ReadDatabaseError when the connection or the server fails, ReadDatabaseClosedError after `close`
   */
  async use<T>(work: (statements: NamedStatements) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new ReadDatabaseClosedError();
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw toStorageError(error);
    }
    let isBroken = false;
    try {
      return await work(this.#statementsOf(client));
    } catch (error) {
      isBroken = isLost(error) || !(await isRolledBack(client));
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  /** Waits for those who have a connection. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  #statementsOf(client: pg.PoolClient): NamedStatements {
    let statements = this.#statements.get(client);
    if (statements === undefined) {
      this.#statements.set(client, (statements = new NamedStatements(client, this.#answerTimeoutMs)));
      // Whoever uses it is told by his statements.
      client.on('error', () => undefined);
    }
    return statements;
  }
}

/** Whether it was the connection that failed: nothing more would be heard on it. */
function isLost(error: unknown): boolean {
  return error instanceof ReadDatabaseError && isConnectionError(error.cause ?? {});
}

async function isRolledBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}
