// Checks the floor plan: which file may import which, as `.dependency-cruiser.cjs` says. Type-only imports count.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cruiser = join(root, 'node_modules', 'dependency-cruiser');

lendTypescript();
const { status } = spawnSync(
  process.execPath,
  [
    join(cruiser, 'bin', 'dependency-cruise.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    'packages',
    'examples',
    'docs',
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exitCode = status ?? 1;

/**
 * dependency-cruiser reads TypeScript with TypeScript's JavaScript API, which version 7 does not have, and takes it from
 * where Node finds it. API Extractor brings the last version that has it: dependency-cruiser gets a link to that one.
 */
function lendTypescript() {
  const extractor = createRequire(join(root, 'node_modules', '@microsoft', 'api-extractor', 'package.json'));
  const manifest = extractor.resolve('typescript/package.json');
  const { version } = extractor(manifest);
  if (Number.parseInt(version, 10) > 6)
    throw new Error(`TypeScript ${version} has no JavaScript API: install typescript@6.`);
  const link = join(cruiser, 'node_modules', 'typescript');
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(dirname(manifest), link, 'junction');
}
