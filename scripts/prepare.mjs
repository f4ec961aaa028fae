// Makes a fresh clone usable: installs what the lockfile says, and builds what is stale. Runs before `npm start` and `npm test`.
// Uses nothing but Node, and says nothing but one line a step; when all is fresh it says nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamps = join(root, 'node_modules', '.cache', 'carillon');
const isNode20 = Number(process.versions.napi) < 10;
const noCompiler =
  'On Node 20 SQLite is compiled once: that needs python3, make and g++ (Debian: apt-get install -y python3 make g++). ' +
  'Node 22.14 and newer need no compiler.';

checkNode();
install();
checkSqlite();
build();
buildUi();

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 14) || (major === 20 && minor >= 19)) return;
  fail(
    `Carillon needs Node 20.19 or newer, or 22.14 or newer; this is ${process.versions.node}.`,
    'Install a newer Node.',
  );
}

/** Installs when there is no installation, or one of another lockfile. */
function install() {
  const wanted = hash([join(root, 'package-lock.json')]);
  const complete = existsSync(join(root, 'node_modules', 'typescript')) && readStamp('install') === wanted;
  if (complete) return;
  step('install', () =>
    run(
      npm(),
      ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
      'npm ci failed. Look at what it says above; the npm registry must be reachable.',
    ),
  );
  writeStamp('install', wanted);
}

/** On Node 20 SQLite's driver is compiled for one Node; another Node 20 or an npm that ran no install script needs it again. */
function checkSqlite() {
  if (!isNode20 || sqliteLoads()) return;
  step('compile SQLite', () =>
    run(npm(), ['rebuild', 'better-sqlite3-node20', '--foreground-scripts', '--loglevel=error'], noCompiler),
  );
  if (!sqliteLoads()) fail('SQLite cannot be loaded after it was compiled.', noCompiler);
}

function sqliteLoads() {
  const script = "new (require('better-sqlite3-node20'))(':memory:').close()";
  return spawnSync(process.execPath, ['-e', script], { cwd: join(root, 'packages', 'carillon') }).status === 0;
}

/** Compiles every package; the compiler itself knows what is stale. */
function build() {
  const sources = hash(files(root, /(\/src\/.*\.tsx?|tsconfig[^/]*\.json)$/));
  if (readStamp('build') === sources && existsSync(join(root, 'packages/carillon/dist/index.js'))) return;
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  step('build', () => run(process.execPath, [tsc, '-b'], 'The sources do not compile: mend what is named above.'));
  writeStamp('build', sources);
}

/** Builds the browser pages of the examples that have some. */
function buildUi() {
  for (const name of readdirSync(join(root, 'examples'))) {
    const example = join(root, 'examples', name);
    if (!existsSync(join(example, 'vite.config.ts'))) continue;
    const inputs = [
      ...files(join(example, 'ui'), /./),
      ...files(join(example, 'src'), /\.ts$/),
      join(example, 'vite.config.ts'),
    ];
    const sources = hash([...inputs, ...files(join(root, 'packages/carillon/src/client'), /\.ts$/)]);
    if (readStamp(`ui-${name}`) === sources && existsSync(join(example, 'dist-ui', 'index.html'))) continue;
    step(`build the pages of ${name}`, () => {
      run(
        npm(),
        ['run', '--silent', 'build:ui', '-w', `examples/${name}`],
        'The pages do not build: mend what is named above.',
      );
    });
    writeStamp(`ui-${name}`, sources);
  }
}

function npm() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

function run(command, args, whatToDo) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}\n`);
  fail(`"${command} ${args.join(' ')}" failed.`, whatToDo);
}

function step(name, work) {
  const begun = performance.now();
  process.stdout.write(`${name} … `);
  work();
  process.stdout.write(`${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
}

function fail(problem, whatToDo) {
  process.stderr.write(`\n${problem}\n${whatToDo}\n`);
  process.exit(1);
}

function files(folder, pattern) {
  if (!existsSync(folder)) return [];
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (
      entry.name === 'node_modules' ||
      entry.name.startsWith('dist') ||
      entry.name === '.git' ||
      entry.name === 'data'
    )
      continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...files(path, pattern));
    else if (pattern.test(path)) found.push(path);
  }
  return found.sort();
}

/** One hash over names and contents. */
function hash(paths) {
  const sum = createHash('sha256');
  for (const path of paths) sum.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  return sum.digest('hex');
}

function readStamp(name) {
  const file = join(stamps, name);
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : '';
}

function writeStamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), value);
}
