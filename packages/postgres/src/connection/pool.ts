import pg from 'pg';

/** How connections are opened. */
export interface ConnectionOptions {
  /** `postgresql://user:password@host:5432/database`, with what libpq knows: `?sslmode=require`. */
  readonly url: string;
  /** What `pg_stat_activity` calls the connections. */
  readonly name: string;
  /** How long an answer may take before the connection counts as lost, in milliseconds. Default: as long as it takes. */
  readonly answerTimeoutMs?: number;
}

/** How long it is tried to get a connection, in milliseconds. */
const connectTimeoutMs = 10_000;

/** How often a connection that says nothing is checked by the operating system, in milliseconds. */
const keepAliveMs = 10_000;

/** Whatever a role or database has as its default: everything here is written for this one, and says so where it wants another. */
const isolation = "SET default_transaction_isolation TO 'read committed'";

/**
 * A connection that is ended when it cannot be opened: the driver leaves one at which it has no password to give as it is, until the
 * server is tired of waiting for one, and the process cannot end before.
 */
class Connection extends pg.Client {
  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
    const givenUp = (error: Error): Error => {
      void this.end().catch(() => undefined);
      return told(error);
    };
    // What happens to it while nobody asks it anything, the next question learns.
    this.on('error', () => undefined);
    if (callback === undefined)
      return this.#open().catch((error: Error) => {
        throw givenUp(error);
      });
    const fail = (error: Error) => callback(givenUp(error));
    super.connect((error: Error) => {
      if (error instanceof Error) fail(error);
      else this.query(isolation).then(() => callback(undefined as never), fail);
    });
    return undefined;
  }

  async #open(): Promise<pg.Client> {
    await super.connect();
    await this.query(isolation);
    return this;
  }
}

/** Where a host has several addresses, as localhost has, Node says of each why it cannot be reached, and of all of them nothing. */
function told(error: Error): Error {
  if (error instanceof AggregateError && error.message === '') {
    error.message = error.errors.map((one: Error) => one.message).join('; ');
  }
  return error;
}

function config({ url, name, answerTimeoutMs }: ConnectionOptions): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    ...(answerTimeoutMs === undefined ? {} : { query_timeout: answerTimeoutMs }),
  };
}

/** Connections for questions that do not depend on each other. What ends while nobody uses it is replaced. */
export function openPool(options: ConnectionOptions & { readonly max: number }): pg.Pool {
  const pool = new pg.Pool({ ...config(options), Client: Connection, max: options.max, idleTimeoutMillis: 60_000 });
  pool.on('error', () => undefined);
  return pool;
}

/** Opens one connection of its own. */
export async function openConnection(options: ConnectionOptions): Promise<pg.Client> {
  const client = new Connection(config(options));
  await client.connect();
  return client;
}
