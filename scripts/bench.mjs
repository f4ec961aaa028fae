// `npm run bench`: installs what only the benchmarks need (the peers), compiles them, and runs them. Arguments go to them:
//   npm run bench -- --only command --json figures.json
//   npm run bench -- --profile
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bench = join(root, 'bench');
const stamp = join(bench, 'node_modules', '.lockfile-hash');
const wanted = createHash('sha256')
  .update(readFileSync(join(bench, 'package-lock.json')))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], bench);
  writeFileSync(stamp, wanted);
}
run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', bench], root);
const [program, ...args] = process.argv[2] === '--profile' ? ['profile.js'] : ['main.js', ...process.argv.slice(2)];
run(process.execPath, [join(bench, 'dist', program), ...args], root);

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
