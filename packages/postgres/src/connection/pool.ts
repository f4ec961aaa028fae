import pg from 'pg';

/** How connections are opened. */
export interface ConnectionOptions {
  /** `postgresql://user:password@host:5432/database`, with what libpq knows: `?sslmode=require`. */
  readonly url: string;
  /** What `pg_stat_activity` calls the connections. */
  readonly name: string;
}

/** How long it is tried to get a connection, in milliseconds. */
const connectTimeoutMs = 10_000;

/** How often a connection that says nothing is checked by the operating system, in milliseconds. */
const keepAliveMs = 10_000;

function config({ url, name }: ConnectionOptions): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  };
}

/** Connections for questions that do not depend on each other. What ends while nobody uses it is replaced. */
export function openPool(options: ConnectionOptions & { readonly max: number }): pg.Pool {
  const pool = new pg.Pool({ ...config(options), max: options.max, idleTimeoutMillis: 60_000 });
  pool.on('error', () => undefined);
  return pool;
}

/** Opens one connection of its own. What happens to it while nobody asks it anything, the next question learns. */
export async function openConnection(options: ConnectionOptions): Promise<pg.Client> {
  const client = new pg.Client(config(options));
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
