// Runs the examples' own tests, unchanged, with their read models in PostgreSQL, and every answer compared with SQLite's:
//
//   npx vitest run --config packages/postgres/test-support/examples.config.ts
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type Plugin } from 'vitest/config';
import common from '../../../vitest.config.js';

const compared = fileURLToPath(new URL('./compared-read-database.ts', import.meta.url));

/** What applications in memory keep their read models in. Simulations stay on SQLite: their time stands still meanwhile. */
const onPostgres: Plugin = {
  name: 'read-models-on-postgres',
  enforce: 'pre',
  resolveId(id, importer) {
    return id.endsWith('/read-database/sqlite/open.js') && importer?.endsWith('/runtime/start.ts') ? compared : null;
  },
};

export default mergeConfig(
  { ...common, test: { ...common.test, include: [] } },
  defineConfig({
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    plugins: [onPostgres],
    test: {
      include: ['examples/{library,shop}/src/**/*.test.ts'],
      // These keep what they do in folders, in processes of their own.
      exclude: ['**/crash.test.ts', '**/seed.test.ts'],
      globalSetup: [fileURLToPath(new URL('./postgres-for-tests.ts', import.meta.url))],
      testTimeout: 120_000,
    },
  }),
);
