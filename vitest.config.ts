import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const threads = new URL('./packages/carillon/test-support/typescript-threads.mjs', import.meta.url).href;
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const source = (path: string) => file(`./packages/carillon/src/${path}`);

// Tests run on the TypeScript sources. tsx lets the worker threads they start do so, too: threads inherit execArgv.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^carillon$/, replacement: source('index.ts') },
      { find: /^carillon\/([a-z-]+)$/, replacement: source('$1/index.ts') },
      { find: /^@carillon\/([a-z-]+)$/, replacement: file('./packages/$1/src/index.ts') },
      { find: /^@carillon\/([a-z-]+)\/([a-z-]+)$/, replacement: file('./packages/$1/src/$2/index.ts') },
      { find: /^@carillon-examples\/([a-z-]+)$/, replacement: file('./examples/$1/src/index.ts') },
    ],
  },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'examples/*/src/**/*.test.ts',
      'examples/*/test-ui/**/*.test.ts',
      'docs/**/*.test.ts',
    ],
    pool: 'forks',
    execArgv: ['--import', threads],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
});
