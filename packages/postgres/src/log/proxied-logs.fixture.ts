import { allEvents, type Log, readAll } from 'carillon/log';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { TcpProxy } from '../../test-support/tcp-proxy.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { openPostgresLog, type PostgresLogOptions } from './open.js';

/** Logs of one test, on a server of the test file's own. */
export interface ProxiedLogs {
  readonly server: EmbeddedPostgres;
  /** Stands before the server, for who goes by `proxied`. */
  readonly proxy: TcpProxy;
  /** The test's own. */
  readonly schema: string;
  /** The server's address through the proxy. */
  readonly proxied: string;
  /** Opens the log of the test's schema; it is closed after the test. */
  readonly open: (url: string, options?: Partial<PostgresLogOptions>) => Promise<Log>;
}

/** For a test file: before each test there is a proxy and a schema, after it all logs are closed. */
export function proxiedLogs(name: string): ProxiedLogs {
  let server: EmbeddedPostgres;
  let proxy: TcpProxy;
  let schemas = 0;
  let logs: Log[] = [];

  beforeAll(async () => {
    server = await startEmbeddedPostgres();
  });
  afterAll(async () => {
    await server?.stop();
  });
  beforeEach(async () => {
    proxy = await TcpProxy.before(server.url);
    schemas++;
    logs = [];
  });
  afterEach(async () => {
    proxy.onClientData = undefined;
    await Promise.all(logs.map((log) => log.close()));
    await proxy.close();
  });

  const schema = () => `${name}_${schemas}`;
  return {
    get server() {
      return server;
    },
    get proxy() {
      return proxy;
    },
    get schema() {
      return schema();
    },
    get proxied() {
      return proxy.through(server.url);
    },
    open: async (url, options = {}) => {
      const log = await openPostgresLog({ url, schema: schema(), pollMs: 20, ...options });
      logs.push(log);
      return log;
    },
  };
}

/** An event that can be told from others by its number: in what is sent, too. */
export const event = (n: number) => ({ type: 'Noted', version: 1, data: { n }, tags: [`n:${n}`] });

/** The numbers of all events of a log, in order. */
export async function numbers(log: Log): Promise<number[]> {
  await log.head();
  const found: number[] = [];
  for await (const { data } of readAll(log, allEvents)) found.push((data as { n: number }).n);
  return found;
}
