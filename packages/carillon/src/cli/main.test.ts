import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

// The program as it is shipped, in processes of its own, on real folders.
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const carillon = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** An application as a user would write it, in plain JavaScript. */
const source = (greeting: string) => `
  import { application, command, event, module, query, readModel, table, text } from ${JSON.stringify(carillon)};
  const any = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
  const Greeted = event('Greeted', { data: any, tags: (e) => ({ guest: e.guest }) });
  const Greet = command('Greet', { data: any, decide: ({ data }) => Greeted(data) });
  const guests = table({ columns: { guest: text() }, key: 'guest' });
  const book = readModel('book', { tables: { guests } }).on(Greeted, (e, db) => {
    if (e.guest === process.env.UNWELCOME) throw new Error('unwelcome');
    db.guests.upsert({ guest: e.guest });
  });
  const Guests = query('Guests', { params: any, from: book, run: async (db) =>
    (await db.selectFrom('guests').selectAll().orderBy('guest').execute()).map((row) => ${JSON.stringify(greeting)} + row.guest) });
  export default application('hall', {
    modules: [module('door', { publishes: [Greeted], commands: [Greet], readModels: [book], queries: [Guests] })],
  });`;

let folder: string;
let module: string;
let data: string;
const servers = new Set<ChildProcess>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-cli-'));
  module = join(folder, 'hall.mjs');
  data = join(folder, 'data');
  writeFileSync(module, source('Hello '));
});
afterEach(async () => {
  for (const server of servers) await stop(server);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: folder });
  return { status, stdout, stderr };
}

/** Starts a server and waits until it says where it is. */
async function serve(command: 'start' | 'dev', env: Record<string, string> = {}, file = module, into = data) {
  const args = [program, command, file, '--data', into, '--port', '0'];
  const server = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    // A group of processes of its own, as a terminal makes one for each command line.
    detached: true,
  });
  servers.add(server);
  let said = '';
  server.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  const address = async (after = 0): Promise<string> => {
    for (;;) {
      const url = /http:\S+\/hall(?=\/commands)/.exec(said.slice(after))?.[0];
      if (url !== undefined) return url;
      if (server.exitCode !== null) throw new Error(`It ended with ${server.exitCode}: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { server, url: await address(), address, said: () => said };
}

async function stop(server: ChildProcess): Promise<number | null> {
  servers.delete(server);
  if (server.exitCode !== null) return server.exitCode;
  server.kill('SIGTERM');
  const [code] = (await once(server, 'exit')) as [number | null];
  return code;
}

/** Presses Ctrl-C: the signal reaches every process of the group. Returns the exit code. */
async function interrupt(server: ChildProcess): Promise<number | null> {
  servers.delete(server);
  const ended = once(server, 'exit');
  process.kill(-server.pid!, 'SIGINT');
  const [code] = (await ended) as [number | null];
  return code;
}

/** Makes a folder with an application in TypeScript, of two files, that sees the packages of that name. */
function typeScriptProject(name: string, packages: readonly string[]): string {
  const project = join(folder, name);
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  for (const one of packages) symlinkSync(join(root, 'node_modules', one), join(project, 'node_modules', one));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'greeting.ts'), "export const greeting: string = 'Hi ';");
  // As the TypeScript compiler wants it: the name of the file that it will make.
  const imports = "import { greeting } from './greeting.js';";
  const typed = source('').replaceAll('(e)', '(e: any)').replaceAll('(e, db)', '(e: any, db: any)');
  writeFileSync(
    join(project, 'hall.ts'),
    `${imports}\n${typed.replace('"" +', 'greeting +').replaceAll(/\(\{ data \}\)/g, '({ data }: any)')}`,
  );
  return join(project, 'hall.ts');
}

async function greet(url: string, guest: string): Promise<void> {
  const body = JSON.stringify({ guest });
  const response = await fetch(`${url}/commands/Greet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBe(200);
}

describe('what is wrong is said, with exit code 2', () => {
  it.each([
    ['an unknown command', ['evnts'], /unknown command 'evnts'\n\(Did you mean events\?\)/],
    ['an unknown option', ['events', '--tal'], /unknown option '--tal'/],
    ['a missing module', ['start', 'nothing.js'], /There is no module nothing\.js/],
    ['a port that is none', ['start', 'hall.mjs', '--port', '70000'], /Use a port from 0 to 65535/],
    ['a limit that is none', ['events', '--limit', '-1'], /Use a whole number from 1/],
    [
      'a folder without a log',
      ['events', '--data', 'empty'],
      /There is no log in .*empty\. Name the application's folder with --data/,
    ],
    [
      'a log level that is none',
      ['start', 'hall.mjs', '--log-level', 'loud'],
      /is one of silent, error, warn, info, not loud/,
    ],
  ])('%s', (_, args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, '']);
  });

  it('refuses what cannot be hosted or connected, and says what to do', () => {
    const told = (...args: string[]) => run('start', module, '--data', join(folder, 'unused'), ...args).stderr;
    expect(told('--modules', 'dor')).toContain('There is no module dor. Application hall has: door.');
    expect(told('--name', 'hall-door')).toContain('--name is the name of a service that hosts some --modules');
    expect(told('--nats', 'localhost')).toContain(
      '--nats takes URLs such as nats://127.0.0.1:4222, and not "localhost".',
    );
    expect(told('--nats-replicas', '2')).toContain('It is 1, 3 or 5.');
    expect(told('--nats-replicas', '3')).toContain('--nats-replicas needs --nats.');
  });

  it('a PORT in the environment that is none', () => {
    const env = { ...process.env, PORT: 'eighty' };
    const { status, stderr } = spawnSync(process.execPath, [program, 'start', module], { encoding: 'utf8', env });
    expect([status, stderr]).toEqual([
      2,
      'carillon: The environment variable PORT is "eighty": use a port from 0 to 65535.\n',
    ]);
    const dev = spawnSync(process.execPath, [program, 'dev', module], { encoding: 'utf8', env });
    expect([dev.status, dev.stderr]).toEqual([2, stderr]);
  });

  it('unless nobody asked for a port', () => {
    const env = { ...process.env, PORT: 'eighty' };
    const { status } = spawnSync(process.execPath, [program, 'events', '--help'], { encoding: 'utf8', env });
    expect(status).toBe(0);
  });

  it('and a folder in the environment that is nothing counts as none', () => {
    const env = { ...process.env, CARILLON_DATA: '' };
    const { stderr } = spawnSync(process.execPath, [program, 'events'], { encoding: 'utf8', env, cwd: folder });
    expect(stderr).toContain(`There is no log in ${join(realpathSync(folder), 'data')}.`);
  });
});

it('a module that cannot be loaded, or exports no application, is exit code 1', () => {
  writeFileSync(join(folder, 'broken.mjs'), 'export default 1 +;');
  writeFileSync(join(folder, 'none.mjs'), 'export default 1;');
  expect(run('start', 'broken.mjs')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('broken.mjs cannot be loaded'),
  });
  expect(run('start', 'none.mjs')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('exports no application'),
  });
});

it('a module may say who is let in', async () => {
  const guarded = join(folder, 'guarded.mjs');
  const refuse = `export const http = { authenticate: () => { throw new Unauthenticated('nobody'); } };`;
  const http = fileURLToPath(new URL('../../dist/http/index.js', import.meta.url));
  const imports = `import { UnauthenticatedError as Unauthenticated } from ${JSON.stringify(http)};`;
  writeFileSync(guarded, `${imports}\n${source('Hello ')}\n${refuse}`);
  const own = join(folder, 'guarded-data');
  const args = [program, 'start', guarded, '--data', own, '--port', '0'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.add(server);
  let said = '';
  while (!said.includes('/queries/')) said += String(((await once(server.stdout, 'data')) as [Buffer])[0]);
  const url = /http:\S+\/hall(?=\/commands)/.exec(said)![0];
  expect((await fetch(`${url}/queries/Guests`)).status).toBe(401);
});

it('is served to other machines only when it does not let everybody in, and shows where it is on this one', async () => {
  const own = join(folder, 'host-data');
  const wide = ['--host', '0.0.0.0', '--port', '0', '--data', own];
  expect(run('start', module, ...wide)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The server does not bind to 0.0.0.0 while hall lets anyone in'),
  });
  expect(existsSync(own)).toBe(false);
  const known = join(folder, 'known.mjs');
  writeFileSync(known, `${source('Hello ')}\nexport const http = { authenticate: () => ({ id: 'ada' }) };`);
  const server = spawn(process.execPath, [program, 'start', known, ...wide], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.add(server);
  let said = '';
  while (!said.includes('Ctrl-C')) said += String(((await once(server.stdout, 'data')) as [Buffer])[0]);
  const url = /here {6}(http:\/\/localhost:\d+\/hall)\n/.exec(said)![1]!;
  expect((await fetch(`${url}/queries/Guests`)).status).toBe(200);
});

it('is there', () => {
  expect(run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('an application', () => {
  it('is served, looked at while it runs and when it does not, and stopped gracefully', async () => {
    const { server, url } = await serve('start');
    for (const guest of ['ada', 'bob', 'cleo']) await greet(url, guest);

    const table = run('events', '--data', data, '--format', 'table').stdout.split('\n');
    expect(table[0]).toMatch(/^ +position {2}recorded \(UTC\) +type +data$/);
    expect(table[1]).toMatch(/^ +1 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}Greeted +\{"guest":"ada"\}$/);

    const second = spawnSync(process.execPath, [program, 'start', module, '--data', data, '--port', '0'], {
      encoding: 'utf8',
    });
    expect([second.status, second.stderr]).toEqual([1, expect.stringMatching(/in use by another process/)]);

    expect(await stop(server)).toBe(0);
    const lines = run('events', '--data', data, '--tag', 'guest:bob').stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).data)).toEqual([{ guest: 'bob' }]);
    const backwards = run('events', '--data', data, '--backwards', '--limit', '2').stdout.trim().split('\n');
    expect(backwards.map((line) => JSON.parse(line).position)).toEqual([3, 2]);
    expect(run('events', '--data', data, '--type', 'Nothing').stderr).toBe('No events match.\n');
  });

  it('is stopped gracefully by Ctrl-C, which reaches every process of the terminal', async () => {
    const started = await serve('start');
    expect(await interrupt(started.server)).toBe(0);
    const developed = await serve('dev');
    expect(await interrupt(developed.server)).toBe(0);
    expect(developed.said()).not.toContain('It stopped');
  });

  it('shows new events as they come, and ends quietly when nobody reads', async () => {
    const { url } = await serve('start');
    const tail = spawn(process.execPath, [program, 'events', '--data', data, '--tail', '--tag', 'guest:dora'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    servers.add(tail);
    await greet(url, 'eve');
    await greet(url, 'dora');
    const [line] = (await once(tail.stdout, 'data')) as [Buffer];
    expect(JSON.parse(String(line))).toMatchObject({ type: 'Greeted', data: { guest: 'dora' }, tags: ['guest:dora'] });
    tail.stdout.destroy();
    await greet(url, 'dora');
    const [code] = (await once(tail, 'exit')) as [number | null];
    expect(code).toBe(0);
    servers.delete(tail);
  });

  it('has a tail that begins with the last events, or after a position', async () => {
    const { url } = await serve('start');
    const guests = Array.from({ length: 15 }, (_, i) => `tail-${i}`);
    for (const guest of guests) await greet(url, guest);
    const tailed = (...args: string[]) => {
      const { stdout } = run('events', '--data', data, '--tail', ...args);
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    expect(tailed('--limit', '4').map((event) => event.data.guest)).toEqual(guests.slice(-4));
    const last = tailed('--limit', '10');
    expect(last.map((event) => event.data.guest)).toEqual(guests.slice(-10));
    const after = ['--after', String(last[0].position - 1)];
    expect(tailed('--limit', '2', ...after).map((event) => event.data.guest)).toEqual(guests.slice(-10, -8));
    expect(tailed('--limit', '2', '--after', '0').map((event) => event.position)).toEqual([1, 2]);
  });

  it('has a read model that stops, is shown, resumed and rebuilt, with and without the application running', async () => {
    const { server, url } = await serve('start', { UNWELCOME: 'mallory' });
    await greet(url, 'mallory');
    const waited = await fetch(`${url}/queries/Guests`, { headers: { 'carillon-after': String(await position(url)) } });
    expect(waited.status).toBe(503);
    const shown = run('read-models', module, '--data', data);
    expect(shown.status).toBe(1);
    expect(shown.stdout).toMatch(/│ book .*│ failed/);
    expect(shown.stdout).toMatch(/book stopped at position \d+ \(Greeted\) at .*:\n {2}unwelcome\n/);

    await stop(server);
    expect(run('read-models', 'resume', module, 'book', '--data', data)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^book has caught up to \d+\.\n$/),
    });
    const again = await serve('start');
    const before = await (await fetch(`${again.url}/queries/Guests`)).json();
    expect(before).toContain('Hello mallory');
    expect(run('read-models', 'rebuild', module, 'book', '--data', data)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^book is rebuilt: every event up to \d+ is in it\.\n$/),
    });
    expect(await (await fetch(`${again.url}/queries/Guests`)).json()).toEqual(before);
    expect(run('read-models', 'rebuild', module, 'nothing', '--data', data)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('There is no read model nothing. There are: book.'),
    });
  });

  it('has a read model that nobody builds, and says why', async () => {
    const own = join(folder, 'idle-data');
    const { server, url } = await serve('start', {}, module, own);
    await greet(url, 'ada');
    const written = (name: string, from: string, to: string) => {
      writeFileSync(join(folder, name), source('Hello ').replace(from, to));
      return name;
    };
    const raised = written('raised.mjs', "readModel('book', {", "readModel('book', { version: 2,");
    const changed = written('changed.mjs', 'columns: { guest', 'columns: { more: text(), guest');
    const listed = (file: string) => run('read-models', file, '--data', own);
    expect(listed(raised)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(
        '\nbook waits. The application that runs does not have version 2 of book. Start it again with this module.\n',
      ),
    });
    await stop(server);
    expect(listed(raised)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(
        /│ book .*│ waits .*\n[\s\S]*\nbook waits\. The application does not run\. Start it:/,
      ),
    });
    expect(listed(changed)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(
        '\nbook waits. The tables differ from those that version 1 was built with, so that no process starts with it. ' +
          'Raise its version to 2, or rebuild it.\n',
      ),
    });
    const refused = run('start', changed, '--data', own, '--port', '0');
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('rebuild changed.mjs book\n') });
    expect(listed(module)).toMatchObject({ status: 0, stdout: expect.not.stringContaining('waits') });
  });

  it('is restarted by dev when its code changes, not its data, and waits when that is broken', async () => {
    const { address, said, url } = await serve('dev', {}, module, join(folder, 'fresh', 'data'));
    await greet(url, 'ada');
    expect(await (await fetch(`${url}/queries/Guests`, { headers: { 'carillon-after': '1' } })).json()).toEqual([
      'Hello ada',
    ]);
    expect(said()).not.toContain('restarting');
    const length = said().length;
    writeFileSync(module, source('Good day '));
    const second = await address(length);
    expect(await (await fetch(`${second}/queries/Guests`)).json()).toContain('Good day ada');
    writeFileSync(module, 'export default 1 +;');
    while (!said().includes('waiting for a change')) await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(module, source('Hello '));
    const third = await address(said().length);
    expect(await (await fetch(`${third}/queries/Guests`)).json()).toContain('Hello ada');
  });
});

describe('reactions', () => {
  const own = () => join(folder, 'belfry-data');
  let belfry: string;
  let url: string;

  beforeAll(() => {
    belfry = join(folder, 'belfry.mjs');
    const more = `
      import { processManager, reaction } from ${JSON.stringify(carillon)};
      const failing = { retry: { maxAttempts: 1 }, run: () => { throw new Error('no'); } };
      export const added = reaction('added', { on: Greeted, startsAt: 'beginning', ...failing });
      const stay = processManager('stay', { by: 'guest', initial: 0, startsAt: 'beginning' }).on(Greeted, (n) => n + 1);
      const herald = reaction('herald', { on: Greeted, startsAt: 'beginning', ...failing });`;
    const text = source('Hello ').replace('queries: [Guests]', 'queries: [Guests], reactions: [stay, herald]');
    writeFileSync(belfry, text.replace('export default', `${more}\n  export default`));
  });

  const told = (...args: string[]) => run('reactions', ...args, '--data', own());

  /** Where the event is that waits for an operator, as soon as one does. */
  async function parkedAt(): Promise<string> {
    for (;;) {
      const { status, stdout } = told(belfry);
      if (status === 1) return /│ herald +│ (\d+) +│ Greeted/.exec(stdout)![1]!;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('are retried and skipped, and it is said when that is done', async () => {
    const started = await serve('start', {}, belfry, own());
    ({ url } = started);
    for (const guest of ['ada', 'bob']) await greet(url, guest);
    const first = await parkedAt();
    expect(told('retry', belfry, 'herald', first)).toMatchObject({
      status: 0,
      stdout: `herald tries ${first} again, and then what waits behind it, now: list the reactions to see what comes of it.\n`,
    });
    expect(await parkedAt()).toBe(first);
    expect(told('skip', belfry, 'herald', first, '--reason', 'hoarse')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`herald gives ${first} up, and goes on with what waits behind it, now:`),
    });
    // The next one fails, too, and is parked in the place of the first.
    let second = await parkedAt();
    while (second === first) second = await parkedAt();
    await stop(started.server);
    expect(told('retry', belfry, 'herald', second).stdout).toContain(
      'when the application is started: it does not run.',
    );
    expect(told('skip', belfry, 'herald', second, '--reason', 'hoarse')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`The event at position ${second} was retried already`),
    });
    expect(told(belfry)).toMatchObject({ status: 0, stdout: expect.stringContaining('retried: goes on, or will') });
  });

  it('have processes, and say when there is none', () => {
    expect(told('processes', belfry, 'stay', 'ada').stdout).toMatch(/^stay ada: under way\nstate: 1\n/);
    expect(told('processes', belfry, 'stay', 'nope')).toEqual({
      ...{ status: 1, stdout: '' },
      stderr:
        'carillon: Process manager stay has no process nope: nothing that it looks at has happened under that key.\n',
    });
    expect(told('processes', belfry, 'herald')).toMatchObject({
      status: 1,
      stderr: 'carillon: There is no process manager herald. There are: stay.\n',
    });
  });

  it('are listed that are in the log only, and not those of modules that are not here', () => {
    expect(told(module).stdout).toMatch(/│ herald +│ reaction +│ \d+ +│ ≤ /);
    expect(told(belfry, '--modules', 'door').stdout).toContain('herald');
    expect(told(belfry, '--modules', 'attic')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('There is no module attic. Application hall has: door.'),
    });
  });
});

describe('an application in TypeScript', () => {
  it.each(['start', 'dev'] as const)(
    'is served by %s, in threads of its own, and ends with Ctrl-C',
    async (command) => {
      const file = typeScriptProject(`ts-${command}`, ['tsx']);
      const { server, url } = await serve(command, {}, file, join(folder, `ts-${command}-data`));
      await greet(url, 'ada');
      const answer = await fetch(`${url}/queries/Guests`, { headers: { 'carillon-after': '1' } });
      expect(await answer.json()).toEqual(['Hi ada']);
      expect(await interrupt(server)).toBe(0);
    },
  );

  const runsTypeScript = ((process.features as { typescript?: unknown }).typescript ?? false) !== false;
  const onNodesWithout = runsTypeScript ? () => undefined : it;
  onNodesWithout('says what is missing where Node does not run TypeScript and tsx is not there', () => {
    expect(run('start', typeScriptProject('ts-bare', []))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /does not run TypeScript: install tsx beside it \(npm install -D tsx\), compile it first/,
      ),
    });
  });

  it('says so when it is no ES module', () => {
    const file = typeScriptProject('ts-commonjs', ['tsx']);
    writeFileSync(join(folder, 'ts-commonjs', 'package.json'), '{ "type": "commonjs" }');
    expect(run('start', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('say "type": "module" in the package.json beside the module.'),
    });
  });
});

/** The position after one more guest. */
async function position(url: string): Promise<number> {
  const body = JSON.stringify({ guest: 'zoe' });
  const response = await fetch(`${url}/commands/Greet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return ((await response.json()) as { position: number }).position;
}
