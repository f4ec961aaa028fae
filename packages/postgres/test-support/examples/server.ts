import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the PostgreSQL of this run is. */
    postgresUrl: string;
  }
}

/** One PostgreSQL for all test files that run on it. It need not survive a power cut. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startEmbeddedPostgres({ settings: { fsync: 'off', max_connections: '300' } });
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
