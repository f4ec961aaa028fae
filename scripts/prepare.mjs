// Makes a fresh clone usable: installs what the lockfile says, and builds what is stale. Runs before `npm start` and `npm test`.
// Uses nothing but Node, and prints one line a step; when all is fresh it prints nothing.
//   node scripts/prepare.mjs             installs and builds
//   node scripts/prepare.mjs --install   installs only
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamps = join(root, 'node_modules', '.cache', 'carillon');
const needsCompiledSqlite = Number(process.versions.napi) < 10;
const noCompiler =
  'On Node 20 SQLite is compiled once: that needs python3, make and g++ (Debian: apt-get install -y python3 make g++). ' +
  'Node 22.14 and newer need no compiler.';

// No package needs a script to be installed but SQLite on Node 20, and that one is compiled below: left to itself, npm
// would compile better-sqlite3 13, too, whose binaries are in the package.
const installOptions = [
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

checkNode();
install();
checkSqlite();
if (!process.argv.includes('--install')) {
  build();
  buildPages();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 14) || (major === 20 && minor >= 19)) return;
  fail(
    `Carillon needs Node 20.19 or newer, or 22.14 or newer; this is ${process.versions.node}.`,
    'Install a newer Node.',
  );
}

/** Brings node_modules to what the lockfile says. */
function install() {
  const wanted = hash([join(root, 'package-lock.json')]);
  if (readStamp('install') === wanted && existsSync(join(root, 'node_modules', 'typescript'))) return;
  if (!isInstalled()) {
    step('install', () => {
      // An installation that is there is brought up to date, so that SQLite is not compiled again.
      const isNew = !existsSync(join(root, 'node_modules', '.package-lock.json'));
      npm(
        [...(isNew ? ['ci'] : ['install', '--no-save']), ...installOptions],
        'Look at what npm says above: the npm registry must be reachable, and package-lock.json fit every package.json ' +
          '("npm install" brings it up to date).',
      );
    });
    if (!isInstalled()) fail('node_modules is not what package-lock.json says.', 'Run "npm ci".');
  }
  writeStamp('install', wanted);
}

/** Whether node_modules is what the lockfile says, whoever installed it: npm keeps its own record of what is there. */
function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const there = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, link, optional, peer }]) => {
    if (!path.includes('node_modules/')) return true;
    if (link) return existsSync(join(root, path, 'package.json'));
    const found = there[path];
    return found === undefined ? optional === true || peer === true : found.version === version;
  });
}

/** On Node 20 SQLite's driver is compiled for one Node; another Node 20 or an npm that ran no install script needs it again. */
function checkSqlite() {
  if (!needsCompiledSqlite || sqliteLoads()) return;
  if (!existsSync(join(root, 'node_modules', 'better-sqlite3-node20', 'package.json'))) {
    // An optional package may be left out.
    step('install SQLite', () => npm(['install', '--no-save', ...installOptions], noCompiler));
  }
  step('compile SQLite for Node 20, once', () => npm(['rebuild', 'better-sqlite3-node20'], noCompiler));
  if (!sqliteLoads()) fail('SQLite cannot be loaded after it was compiled.', noCompiler);
}

function sqliteLoads() {
  const script = "new (require('better-sqlite3-node20'))(':memory:').close()";
  return spawnSync(process.execPath, ['-e', script], { cwd: join(root, 'packages', 'carillon') }).status === 0;
}

/** Compiles every package; the compiler itself knows what is stale. */
function build() {
  const sources = hash(
    files(root, /(\/src\/.*\.(tsx?|json)|tsconfig[^/]*\.json|packages\/[^/]+\/package\.json|\/package-lock\.json)$/),
  );
  const projects = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references.map(({ path }) => path);
  const records = projects.map((project) => join(root, project, 'dist', '.tsbuildinfo'));
  if (readStamp('build') === sources && records.every((record) => existsSync(record))) return;
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  writeStamp('build', 'begun'); // A build that fails leaves something else than what was there.
  step('build', () => {
    run(process.execPath, [tsc, '-b'], 'The sources do not compile: mend what is named above.');
    for (const project of projects) sweep(join(root, project));
    for (const name of readdirSync(join(root, 'packages'))) linkCommands(join(root, 'packages', name));
  });
  writeStamp('build', sources);
}

/** Removes what an earlier build made of sources that are gone. */
function sweep(project) {
  const dist = join(project, 'dist');
  for (const built of files(dist, /\.(js|js\.map|d\.ts|d\.ts\.map)$/)) {
    const source = join(project, 'src', relative(dist, built).replace(/\.(js|d\.ts)(\.map)?$/, ''));
    const isProduct = !/\.(test|test-d|fixture)$/.test(source);
    if (!isProduct || !['.ts', '.tsx'].some((extension) => existsSync(source + extension))) rmSync(built);
  }
}

/** Makes `npx carillon` work in the checkout: npm, which installs before the first build, links no command that is not there. */
function linkCommands(folder) {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return;
  const { name, bin = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  for (const [command, target] of Object.entries(bin)) {
    chmodSync(join(folder, target), 0o755);
    if (existsSync(join(root, 'node_modules', '.bin', command))) continue;
    npm(['rebuild', name, '--ignore-scripts', '--loglevel=error'], 'npm could not link the commands: see above.');
  }
}

/** Builds the browser pages of the examples that have some. What these share is in `examples/pages`, and is built into each. */
function buildPages() {
  const shared = join(root, 'examples', 'pages');
  for (const name of readdirSync(join(root, 'examples'))) {
    const example = join(root, 'examples', name);
    if (!existsSync(join(example, 'vite.config.ts'))) continue;
    const inputs = hash([
      ...files(join(example, 'ui'), /./),
      ...files(join(example, 'src'), /\.ts$/),
      ...files(join(root, 'packages', 'carillon', 'src'), /\/src\/(index|(client|definitions)\/.*)\.ts$/),
      join(example, 'vite.config.ts'),
      join(example, 'package.json'),
      ...files(join(shared, 'ui'), /./),
      join(shared, 'package.json'),
      join(root, 'package-lock.json'),
    ]);
    if (readStamp(`pages-${name}`) === inputs && existsSync(join(example, 'dist-ui', 'index.html'))) continue;
    writeStamp(`pages-${name}`, 'begun');
    step(`build the pages of ${name}`, () =>
      npm(
        ['run', '--silent', 'build:ui', '-w', `examples/${name}`],
        'The pages do not build: mend what is named above.',
      ),
    );
    writeStamp(`pages-${name}`, inputs);
  }
}

/** Runs the npm that runs this, or the one on the path. */
function npm(args, whatToDo) {
  const own = process.env.npm_execpath;
  if (own?.endsWith('npm-cli.js')) run(process.execPath, [own, ...args], whatToDo);
  else run('npm', args, whatToDo, { shell: process.platform === 'win32' });
}

function run(command, args, whatToDo, options = {}) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (status === 0) return;
  if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(130);
  process.stderr.write(`\n${stdout ?? ''}${stderr ?? ''}\n`);
  fail(`"${[command, ...args].join(' ')}" failed${error ? `: ${error.message}` : ''}.`, whatToDo);
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

/** The files of a folder and its folders, but for what is installed, built or data. */
function files(folder, pattern) {
  if (!existsSync(folder)) return [];
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (/^(node_modules|dist|dist-ui|\.git|data)$/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...files(path, pattern));
    else if (pattern.test(path.replaceAll('\\', '/'))) found.push(path);
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
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function writeStamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), value);
}
