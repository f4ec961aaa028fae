import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresUrl: string;
  }
}

/** One server for all test files. What it keeps is gone afterwards, so that it need not be durable. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  const server = await startEmbeddedPostgres({ settings });
  project.provide('postgresUrl', server.url);
  return async () => {
    const client = new pg.Client(server.url);
    await client.connect();
    const { rows } = await client.query<{ count: string }>(
      "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_%'",
    );
    await client.end();
    await server.stop();
    process.stdout.write(`${rows[0]?.count} applications kept their read models in PostgreSQL.\n`);
  };
}
