// The program `carillon` as it is shipped (`npm test` builds it), on an application whose data is in PostgreSQL.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.js';

const dist = fileURLToPath(new URL('../../carillon/dist/', import.meta.url));

const source = `
  import { application, command, event, module, query, reaction, readModel, table, text } from ${JSON.stringify(`${dist}index.js`)};
  const any = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
  const Greeted = event('Greeted', { data: any, tags: (e) => ({ guest: e.guest }) });
  const Greet = command('Greet', { data: any, decide: ({ data }) => Greeted(data) });
  const guests = table({ columns: { guest: text() }, key: 'guest' });
  const book = readModel('book', { tables: { guests } }).on(Greeted, (e, db) => db.guests.upsert({ guest: e.guest }));
  const Guests = query('Guests', { params: any, from: book, run: async (db) =>
    (await db.selectFrom('guests').selectAll().orderBy('guest').execute()).map((row) => row.guest) });
  const herald = reaction('herald', { on: Greeted, inOrderBy: (e) => e.guest, retry: { maxAttempts: 1 }, run: (e) => {
    if (e.guest === process.env.UNWELCOME) throw new Error('unwelcome');
  } });
  export default application('hall', { modules: [module('door', {
    publishes: [Greeted], commands: [Greet], readModels: [book], queries: [Guests], reactions: [herald] })] });`;

let postgres: EmbeddedPostgres;
let folder: string;
let module: string;
let started: ChildProcess | undefined;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres();
  folder = mkdtempSync(join(tmpdir(), 'carillon-cli-'));
  module = join(folder, 'hall.mjs');
  writeFileSync(module, source);
});
afterEach(async () => {
  await stop();
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${dist}cli/main.js`, ...args], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { status, stdout, stderr };
}

/** Starts the application on the database. Resolves with where it is, when it is there. */
async function start(env: Record<string, string> = {}): Promise<string> {
  const args = [`${dist}cli/main.js`, 'start', module, '--postgres', postgres.url, '--port', '0'];
  started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  let said = '';
  started.stdout!.on('data', (text) => {
    said += String(text);
  });
  for (;;) {
    const url = /http:\S+\/hall(?=\/commands)/.exec(said)?.[0];
    if (url !== undefined) return url;
    if (started.exitCode !== null) throw new Error(`It ended with ${started.exitCode}: ${said}`);
    await sleep(20);
  }
}

async function stop(): Promise<void> {
  const server = started;
  started = undefined;
  if (server === undefined || server.exitCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}

async function greet(url: string, guest: string): Promise<void> {
  const response = await fetch(`${url}/commands/Greet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ guest }),
  });
  expect(response.status).toBe(200);
}

/** Runs the program until it says what is expected. */
async function eventually(expected: RegExp, ...args: string[]) {
  for (;;) {
    const result = run(...args);
    if (expected.test(result.stdout)) return result;
    expect(result.stderr).toBe('');
    await sleep(200);
  }
}

const ofHall = () => ['--postgres', postgres.url, '--application', 'hall'];

test('events and reactions are shown and looked after, while the application runs and when it does not', {
  timeout: 120_000,
}, async () => {
  const url = await start({ UNWELCOME: 'eve' });
  await greet(url, 'ada');
  await greet(url, 'eve');
  const parked = await eventually(/unwelcome/, 'reactions', module, '--postgres', postgres.url);
  expect(parked.status).toBe(1);
  expect(parked.stdout).toMatch(/herald/);
  await stop();

  const shown = run('events', ...ofHall(), '--format', 'ndjson', '--type', 'Greeted');
  expect(shown).toMatchObject({ status: 0, stderr: '' });
  const events = shown.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { position: number; data: unknown });
  expect(events.map(({ data }) => data)).toEqual([{ guest: 'ada' }, { guest: 'eve' }]);
  const newest = run('events', ...ofHall(), '--tag', 'guest:ada', '--backwards', '--format', 'table');
  expect(newest.stdout).toMatch(/Greeted.+"guest":"ada"/);
  expect(newest.stdout).not.toMatch(/eve/);

  const { position } = events[1]!;
  const retried = run('reactions', 'retry', module, 'herald', String(position), '--postgres', postgres.url);
  expect(retried).toMatchObject({ status: 0, stderr: '' });
  await start();
  const mended = await eventually(/herald(?![\s\S]*unwelcome)/, 'reactions', module, '--postgres', postgres.url);
  expect(mended.status).toBe(0);
});

test('events of PostgreSQL need to know whose, and a log that is not there is not made', async () => {
  expect(run('events', '--postgres', postgres.url)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--application shop') as string,
  });
  expect(run('events', '--application', 'hall')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('needs --postgres') as string,
  });
  expect(run('events', '--postgres', postgres.url, '--application', 'attic')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/schema attic .*never started on this database/) as string,
  });
  const admin = new pg.Client(postgres.url);
  await admin.connect();
  const { rows } = await admin.query("SELECT FROM pg_namespace WHERE nspname = 'attic'");
  await admin.end();
  expect(rows).toEqual([]);
});
