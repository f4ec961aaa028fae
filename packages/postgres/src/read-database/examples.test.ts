import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test('library and shop pass their own tests, unchanged, and every answer is that of SQLite', async () => {
  const vitest = file('../../../../node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', file('../../test-support/examples.config.ts')];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const { error, output } = await new Promise<{ error: Error | null; output: string }>((resolve) => {
    execFile(process.execPath, args, { env: { ...env, NO_COLOR: '1' }, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ error, output: stdout + stderr }),
    );
  });
  expect(error, output).toBeNull();
  expect(Number(/(\d+) applications kept their read models in PostgreSQL/.exec(output)?.[1])).toBeGreaterThan(100);
}, 600_000);
