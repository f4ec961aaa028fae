import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const threads = new URL('./packages/carillon/test-support/typescript-threads.mjs', import.meta.url).href;
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const source = (path: string) => file(`./packages/carillon/src/${path}`);

const memoryAndFolders = file('./packages/carillon/src/runtime/start.ts');
const postgres = file('./packages/postgres/test-support/examples/start.ts');

/** The examples' tests run a second time, unchanged, with everything in PostgreSQL that otherwise is in memory or a folder. */
const onPostgres = {
  name: 'examples-on-postgres',
  enforce: 'pre' as const,
  async resolveId(source: string, importer: string | undefined) {
    if (!source.endsWith('/start.js') || importer === undefined) return null;
    return resolve(dirname(importer), source.replace(/js$/, 'ts')) === memoryAndFolders ? postgres : null;
  },
};

const compared = file('./packages/postgres/test-support/examples/compared-read-database.ts');

/** Applications in memory keep their read models in SQLite and in PostgreSQL, and what is read of both must be the same. */
const comparedWithSqlite = {
  name: 'examples-compared-with-sqlite',
  enforce: 'pre' as const,
  resolveId(source: string, importer: string | undefined) {
    return source.endsWith('/read-database/sqlite/open.js') && importer === memoryAndFolders ? compared : null;
  },
};

/**
 * The thread that writes a log runs what is built, as `npm test` does before: it knows the product only, is started by hundreds of tests, and
 * would load TypeScript for longer than most of them take.
 */
const builtWriterThread = {
  name: 'built-writer-thread',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (id !== source('log/sqlite/writer.ts')) return null;
    const built = new URL('./packages/carillon/dist/log/sqlite/writer-thread.js', import.meta.url).href;
    const changed = code.replace(/const threadFile = .*;/, `const threadFile = new URL(${JSON.stringify(built)});`);
    if (changed === code) throw new Error('writer.ts no longer says where its thread is: mend vitest.config.ts.');
    return changed;
  },
};

// Tests run on the TypeScript sources. tsx lets the worker threads they start do so, too: threads inherit execArgv.
export default defineConfig({
  plugins: [builtWriterThread],
  resolve: {
    alias: [
      { find: /^carillon$/, replacement: source('index.ts') },
      { find: /^carillon\/([a-z-]+)$/, replacement: source('$1/index.ts') },
      { find: /^@carillon\/([a-z-]+)$/, replacement: file('./packages/$1/src/index.ts') },
      { find: /^@carillon\/([a-z-]+)\/([a-z-]+)$/, replacement: file('./packages/$1/src/$2/index.ts') },
      { find: /^@carillon-examples\/pages$/, replacement: file('./examples/pages/ui/index.ts') },
      { find: /^@carillon-examples\/([a-z-]+)$/, replacement: file('./examples/$1/src/index.ts') },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: [
            'packages/*/src/**/*.test.ts',
            'examples/*/src/**/*.test.ts',
            'examples/*/test-ui/**/*.test.ts',
            'docs/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        plugins: [onPostgres],
        test: {
          name: 'on PostgreSQL',
          include: ['examples/{library,shop}/src/**/*.test.ts'],
          // Processes of their own that are killed, simulated time, and what is about files in a folder.
          exclude: ['**/crash.test.ts', '**/simulation.test.ts', '**/seed.test.ts'],
          globalSetup: [file('./packages/postgres/test-support/examples/server.ts')],
        },
      },
      {
        extends: true,
        plugins: [comparedWithSqlite],
        test: {
          name: 'PostgreSQL as SQLite',
          include: ['examples/{library,shop}/src/{catalogue,storefront}/**/*.test.ts'],
          globalSetup: [file('./packages/postgres/test-support/examples/server.ts')],
        },
      },
    ],
    pool: 'forks',
    execArgv: ['--import', threads],
    maxWorkers: 3,
    testTimeout: 240_000,
    // Whoever waits for something waits on a busy machine, too. Only what never comes takes as long.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 240_000,
    teardownTimeout: 20_000,
  },
});
