// `npm test`: every check and every test, one after the other, even when one failed. Ends with `N passed, N failed, N skipped`.
//   npm test                  everything
//   npm test -- log http      only the test files whose paths contain one of these; vitest's options work, too
//   npm run check             everything but the tests
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const checksOnly = args.includes('--checks-only');
const filters = args.filter((arg) => arg !== '--checks-only');
const bin = (...path) => join(root, 'node_modules', ...path);
const tsc = bin('typescript', 'bin', 'tsc');

const checks = [
  ['format and lint', [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings']],
  ['types of the tests', [tsc, '-p', 'tsconfig.test.json']],
  ...pages().map((folder) => [`types of examples/${folder}/ui`, [tsc, '-p', `examples/${folder}/ui/tsconfig.json`]]),
  ['floor plan', ['scripts/floor-plan.mjs']],
  ['public surface', ['scripts/api.mjs']],
  ['lockfile', ['scripts/lockfile.mjs']],
];

let passed = 0;
let failed = 0;
let skipped = 0;

if (filters.length === 0) for (const [name, command] of checks) check(name, command);
if (!checksOnly) await test();
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

/** The folders of examples with what runs in a browser. */
function pages() {
  const folders = readdirSync(join(root, 'examples'));
  return folders.filter((folder) => existsSync(join(root, 'examples', folder, 'ui', 'tsconfig.json'))).sort();
}

function check(name, command) {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  conclude(status === 0, `${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`, `${stdout}${stderr}`);
}

function conclude(isGood, name, details = '') {
  if (isGood) passed++;
  else failed++;
  console.log(isGood ? `✓ ${name}` : `✗ ${name}\n${details.trimEnd()}`);
}

async function test() {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-test-'));
  const report = join(folder, 'report.json');
  const run = randomUUID();
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = spawn(process.execPath, [bin('vitest', 'vitest.mjs'), 'run', ...filters, ...reporters], {
    cwd: root,
    env: { ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...process.env, CARILLON_TEST_RUN: run },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      for (const pid of [vitest.pid, ...marked(run).map((left) => left.pid)]) end(pid);
      rmSync(folder, { recursive: true, force: true });
      process.exit(130);
    });
  }
  const [status] = await once(vitest, 'exit');
  if (existsSync(report)) count(JSON.parse(readFileSync(report, 'utf8')), status);
  else conclude(false, 'tests', 'vitest ended without a report: see above.');
  rmSync(folder, { recursive: true, force: true });
  await checkNothingIsLeft(run);
}

function count(report, status) {
  const files = report.testResults.map((file) => ({ ...file, name: relative(root, file.name) }));
  const tests = files.flatMap((file) => file.assertionResults.map((result) => ({ ...result, file: file.name })));
  const brokenFiles = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const skips = tests.filter((one) => ['skipped', 'pending', 'todo'].includes(one.status));
  const failures = report.numFailedTests + brokenFiles.length;
  passed += report.numPassedTests;
  failed += failures;
  if (tests.length === 0 && brokenFiles.length === 0) conclude(false, 'tests', 'No test was found.');
  // Errors outside of any test (an unhandled rejection) fail the run, too.
  else if (status !== 0 && failures === 0) conclude(false, 'errors outside of the tests', 'See above.');

  // A filter by name skips all others: nothing to tell.
  if (skips.length === 0 || filters.some((arg) => /^(-t|--testNamePattern)/.test(arg))) return;
  const mustRun = process.env.CARILLON_REQUIRE_ALL === '1';
  if (mustRun) failed += skips.length;
  else skipped += skips.length;
  console.log(`\n${skips.length} skipped${mustRun ? ', which CARILLON_REQUIRE_ALL=1 counts as failed' : ''}:`);
  for (const skip of skips) {
    console.log(`  ${skip.file}: ${skip.fullName}${skip.meta.skipReason ? `\n    ${skip.meta.skipReason}` : ''}`);
  }
}

/** Tests end what they start: servers, browsers. Linux tells which processes still carry the mark of this run. */
async function checkNothingIsLeft(run) {
  let left = marked(run);
  for (let tries = 0; left.length > 0 && tries < 300; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    left = marked(run);
  }
  const list = left.map(({ pid, command }) => `  ${pid} ${command}`).join('\n');
  conclude(left.length === 0, 'no process left behind', list);
  for (const { pid } of left) end(pid);
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

function marked(run) {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`CARILLON_TEST_RUN=${run}`)) return [];
      return [{ pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
    } catch {
      return []; // It has just ended, or is another user's.
    }
  });
}
