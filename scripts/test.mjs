// `npm test`: every check and every test, one after the other, even when one failed. Ends with `N passed, N failed, N skipped`.
//   npm test                  everything
//   npm test -- log http      only the test files whose paths contain one of these
//   npm run check             everything but the tests
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const checksOnly = args.includes('--checks-only');
const filters = args.filter((arg) => arg !== '--checks-only');
const bin = (...path) => join(root, 'node_modules', ...path);

const checks = [
  ['format and lint', [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings']],
  ['types of the tests', [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.test.json']],
  ['types of the pages', [bin('typescript', 'bin', 'tsc'), '-p', 'examples/library/ui/tsconfig.json']],
  [
    'floor plan',
    [
      bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'packages',
      'examples',
    ],
  ],
  ['public surface', ['scripts/api.mjs']],
];

let passed = 0;
let failed = 0;
let skipped = 0;

if (filters.length === 0) for (const [name, command] of checks) check(name, command);
if (!checksOnly) test();
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

function check(name, command) {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const seconds = `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  if (status === 0) {
    passed++;
    console.log(`✓ ${name} (${seconds})`);
  } else {
    failed++;
    console.log(`✗ ${name} (${seconds})\n${stdout}${stderr}`);
  }
}

function test() {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-test-'));
  const report = join(folder, 'report.json');
  const command = [
    bin('vitest', 'vitest.mjs'),
    'run',
    ...filters,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (existsSync(report)) count(JSON.parse(readFileSync(report, 'utf8')), status);
  else failed++;
  rmSync(folder, { recursive: true, force: true });
}

function count(report, status) {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((result) => ({ ...result, file: relative(root, file.name) })),
  );
  const skips = tests.filter((one) => one.status === 'skipped' || one.status === 'pending' || one.status === 'todo');
  passed += report.numPassedTests;
  skipped += skips.length;
  const failedFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  failed += report.numFailedTests + failedFiles.length;
  // Errors outside of any test (an unhandled rejection) fail the run, too.
  if (status !== 0 && report.numFailedTests + failedFiles.length === 0) failed++;
  if (report.numTotalTests === 0) failed++;
  if (skips.length === 0) return;
  console.log(`\n${skips.length} skipped:`);
  for (const reason of new Set(skips.map((skip) => `  ${skip.file}: ${skip.fullName}`))) console.log(reason);
  if (process.env.CARILLON_REQUIRE_ALL !== '1') return;
  console.log('CARILLON_REQUIRE_ALL=1: nothing may be skipped.');
  failed += skips.length;
}
