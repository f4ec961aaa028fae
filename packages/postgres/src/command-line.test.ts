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
  const cat = reaction('cat', { on: Greeted, startsAt: 'now', run: () => undefined });
  const door = module('door', {
    publishes: [Greeted], commands: [Greet], readModels: [book], queries: [Guests], reactions: [herald] });
  export default application('hall', { modules: [door, module('cellar', { consumes: [Greeted], reactions: [cat] })] });`;

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
async function start(env: Record<string, string> = {}, ...more: string[]): Promise<string> {
  const said = await startSaying(env, ...more);
  return /http:\S+\/hall[a-z-]*(?=\/commands)/.exec(said)![0];
}

/** The same. Resolves with what it says. */
async function startSaying(env: Record<string, string>, ...more: string[]): Promise<string> {
  return saying(['start', module, '--postgres', postgres.url, '--port', '0', ...more], env);
}

/** Runs the program until it says that it is running. */
async function saying(args: readonly string[], env: Record<string, string>): Promise<string> {
  started = spawn(process.execPath, [`${dist}cli/main.js`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let said = '';
  started.stdout!.on('data', (text) => {
    said += String(text);
  });
  for (;;) {
    if (said.includes('Ctrl-C stops it.\n')) return said;
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

/** Resolves with the position of the event. */
async function greet(url: string, guest: string): Promise<number> {
  const response = await fetch(`${url}/commands/Greet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ guest }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { position: number }).position;
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

test('events and reactions are shown and looked after, while the application runs and when it does not', async () => {
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

test('a service is looked after with the options that it was started with', async () => {
  const ofDoor = ['--postgres', postgres.url, '--modules', 'door'];
  const url = await start({}, '--modules', 'door');
  await greet(url, 'dora');
  const reactions = await eventually(/herald .* 0 events/, 'reactions', module, ...ofDoor);
  expect(reactions.status).toBe(0);
  expect(reactions.stdout).not.toContain('cat');
  expect(run('read-models', module, ...ofDoor).stdout).toMatch(/ book .* current/);
  for (const whose of [
    ['--application', 'hall-door'],
    ['--application', 'hall', '--modules', 'door'],
    ['--name', 'hall-door'],
  ]) {
    const shown = run('events', '--postgres', postgres.url, ...whose, '--type', 'Greeted');
    expect(JSON.parse(shown.stdout)).toMatchObject({ data: { guest: 'dora' } });
  }
  await stop();

  await startSaying({}, '--modules', 'door', '--name', 'porter');
  expect(run('reactions', module, ...ofDoor, '--name', 'porter').stdout).toContain('herald');
  const others = run('read-models', module, '--postgres', postgres.url, '--modules', 'cellar', '--name', 'porter');
  expect(others.stdout).toMatch(/^The application has no read models\.\n\nAlso stored: book@1/);
  const missing = run('read-models', module, '--postgres', postgres.url, '--modules', 'cellar');
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining('schema hall_cellar') as string });
});

test('a process says where it answers what it is there for, and sends others on', async () => {
  const written = await startSaying({}, '--role', 'write');
  expect(written).toMatch(/commands {2}POST http/);
  expect(written).not.toContain('queries');
  const base = /http:\S+\/hall(?=\/commands)/.exec(written)![0];
  expect(await (await fetch(`${base}/queries/Guests`)).json()).toMatchObject({
    status: 421,
    detail: 'This process does not answer queries: it does not have the role read. Ask one that has it.',
  });
  await stop();
  const read = await startSaying({}, '--role', 'read');
  expect(read).toMatch(/queries {3}GET {2}http/);
  expect(read).not.toContain('commands');
  await stop();
  const worked = await startSaying({}, '--role', 'work');
  expect(worked).not.toMatch(/commands|queries|openapi/);
  const health = /health {4}(http\S+)/.exec(worked)![1]!;
  expect((await fetch(health)).status).toBe(200);
});

test('a read model that nobody builds waits, and it is said at once that no process works', async () => {
  const ofMine = ['--postgres', postgres.url, '--modules', 'door', '--name', 'idle'];
  await startSaying({}, ...ofMine.slice(2), '--role', 'read');
  const noWorker = 'No process of the role work runs. Start one that has version 1 of book: then it goes on.\n';
  const shown = run('read-models', module, ...ofMine);
  expect(shown).toMatchObject({ status: 1, stdout: expect.stringContaining(`\nbook waits. ${noWorker}`) as string });
  expect(shown.stdout).toMatch(/│ book .*│ waits /);
  const begunAt = performance.now();
  const rebuilt = run('read-models', 'rebuild', module, 'book', ...ofMine);
  expect(rebuilt).toMatchObject({ status: 1, stderr: `carillon: book waits. ${noWorker}` });
  expect(performance.now() - begunAt).toBeLessThan(15_000);
  await stop();

  await startSaying({}, ...ofMine.slice(2));
  expect(run('read-models', 'rebuild', module, 'book', ...ofMine)).toMatchObject({ status: 0 });
  const young = join(folder, 'young.mjs');
  writeFileSync(young, source.replace("readModel('book', {", "readModel('book', { version: 2,"));
  expect(run('read-models', young, ...ofMine)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('\nbook waits. No process of the role work has taken version 2 of book.') as string,
  });
  const changed = join(folder, 'changed.mjs');
  writeFileSync(changed, source.replace('columns: { guest', 'columns: { more: text(), guest'));
  expect(run('read-models', changed, ...ofMine)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(
      '\nbook waits. The tables differ from those that version 1 was built with',
    ) as string,
  });
});

test('a folder that is typed is used, though the environment names a database', () => {
  const env = { ...process.env, CARILLON_POSTGRES: postgres.url, CARILLON_READ_POSTGRES: postgres.url };
  const typed = (...args: string[]) => {
    const all = [`${dist}cli/main.js`, ...args, '--data', 'typed'];
    return spawnSync(process.execPath, all, { encoding: 'utf8', cwd: folder, env });
  };
  const none = expect.stringMatching(/There is no log in .*typed\./) as string;
  for (const args of [['read-models', module], ['reactions', module], ['events']]) {
    expect(typed(...args)).toMatchObject({ status: 2, stderr: none });
  }
  for (const command of ['start', 'dev', 'read-models', 'reactions']) {
    const both = typed(command, module, '--postgres', postgres.url);
    const stderr = 'carillon: --data is a folder, and --postgres says that there is none: type one of them.\n';
    expect(both).toMatchObject({ status: 2, stderr });
  }
});

test('an application starts in the folder that is typed, though the environment names a database', async () => {
  const data = join(folder, 'd6');
  const more = ['--data', data, '--port', '0'];
  const said = await saying(['start', module, ...more], { CARILLON_POSTGRES: postgres.url, CARILLON_ROLE: 'read' });
  expect(said).toContain(`  data      ${data}\n`);
  await stop();
  const developed = await saying(['dev', module, ...more], { CARILLON_POSTGRES: postgres.url });
  expect(developed).toContain(`  data      ${data}\n`);
  await stop();
  const shared = await saying(['dev', module, '--port', '0'], { CARILLON_POSTGRES: postgres.url });
  expect(shared).toContain('  data      PostgreSQL at ');
});

test('what is wrong with a URL is said, without its password', () => {
  const { host } = new URL(postgres.url);
  const told = (url: string) => {
    const { status, stderr } = run('events', '--application', 'hall', '--postgres', url);
    expect(status).toBe(1);
    expect(stderr).not.toContain('s3cret');
    return stderr;
  };
  const place = `PostgreSQL at ${host}/carillon`;
  expect(told(`postgresql://${host}/carillon`)).toContain(
    `the URL of ${place} names no user: write postgresql://user:`,
  );
  expect(told(`postgresql://carillon@${host}/carillon`)).toContain(
    `${place} asks user carillon for a password, and none is given`,
  );
  expect(told(`postgresql://carillon:s3cret@${host}/carillon`)).toContain(
    `${place} does not know user carillon with this password`,
  );
  expect(told(`${postgres.url}-attic`)).toContain('the server has no such database: database "carillon-attic"');
  expect(told('postgresql://carillon:s3cret@127.0.0.1:1/carillon')).toContain(
    'nothing answers where PostgreSQL at 127.0.0.1:1/carillon should be',
  );
  expect(told('postgresql://carillon:s3cret#@127.0.0.1/carillon')).toContain('The URL of PostgreSQL cannot be read.');
  const hint = 'write @ : / ? # % as %40 %3A %2F %3F %23 %25';
  const after = [`s3cret@x/y@${host}`, `1/s3cret@${host}`, `x@s3cret/y@${host}`, `s3cret@y?s3cret@${host}`];
  for (const password of [...after, `x@s3cret.invalid?a=1@${host}`]) {
    expect(told(`postgresql://carillon:${password}/carillon`)).toContain(hint);
  }
  expect(told('postgresql://carillon:s3cret@nowhere.invalid/carillon')).toMatch(
    /no such host: PostgreSQL at nowhere\.invalid\/carillon\. Look at the URL; in user and password, write @/,
  );
});

test('ends in time at SIGTERM while PostgreSQL is away and a command waits for it', async () => {
  const url = await start();
  await greet(url, 'ada');
  await postgres.kill();
  try {
    // Connections that are there may go on for a moment without their server.
    await expect.poll(async () => (await fetch(`${url}/queries/Guests`)).status).toBe(503);
    const waiting = fetch(`${url}/commands/Greet`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ guest: 'bo' }),
    }).then(
      ({ status }) => status,
      () => undefined,
    );
    await sleep(500);
    const asked = await fetch(`${url}/queries/Guests`);
    expect([asked.status, asked.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await asked.json()).toMatchObject({ code: 'storage-failed' });
    const begunMs = performance.now();
    await stop();
    expect(performance.now() - begunMs).toBeLessThan(20_000);
    expect([undefined, 503]).toContain(await waiting);
  } finally {
    await postgres.restart();
  }
});

test('the log of a folder is taken along, once it is not in use, and as often as one likes', async () => {
  const data = join(folder, 'data');
  const target = `${postgres.url}?application_name=copy`;
  const copy = (...more: string[]) =>
    run('copy', module, '--data', data, '--modules', 'door', '--name', 'moved', ...more);
  const inFolder = ['start', module, '--data', data, '--modules', 'door', '--name', 'moved', '--port', '0'];
  const url = /http:\S+\/moved(?=\/commands)/.exec(await saying(inFolder, {}))![0];
  for (const guest of ['ada', 'bob', 'Żółć 🎂']) await greet(url, guest);
  expect(copy('--to', target)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/in use by another process.*Stop that process/) as string,
  });
  await stop();
  const { length } = run('events', '--data', data, '--format', 'ndjson').stdout.trim().split('\n');

  expect(copy('--to', target).stdout).toContain(`${length} events of moved are in schema moved of PostgreSQL at `);
  expect(copy('--to', target).stdout).toContain(`${length} events of moved are in schema moved`);
  const shown = (...whose: string[]) => run('events', ...whose, '--format', 'ndjson').stdout;
  expect(shown('--postgres', postgres.url, '--name', 'moved')).toBe(shown('--data', data));

  expect(run(...inFolder)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /was taken along to schema moved of PostgreSQL at .* To go on here all the same, delete/,
    ) as string,
  });

  const moved = await startSaying({}, '--modules', 'door', '--name', 'moved');
  const base = /http:\S+\/moved(?=\/commands)/.exec(moved)![0];
  const after = await greet(base, 'zoe');
  const answer = await fetch(`${base}/queries/Guests`, { headers: { 'carillon-after': String(after) } });
  expect(await answer.json()).toEqual(['ada', 'bob', 'zoe', 'Żółć 🎂']);
});

test('what cannot be taken along is said', () => {
  const copy = (...args: string[]) => run('copy', module, ...args);
  expect(copy('--data', join(folder, 'nothing'), '--to', postgres.url)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('There is no log in') as string,
  });
  expect(copy('--to', 'mysql://root:hidden@db')).toMatchObject({
    status: 2,
    stderr: 'carillon: --to takes a URL such as postgresql://user:password@host:5432/database.\n',
  });
  expect(copy().stderr).toContain("required option '--to <url>' not specified");
});
