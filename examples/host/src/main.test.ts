// The process of `npm start` as it is built (`npm test` builds it), on folders and ports of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { application as library } from '@carillon-examples/library';
import { type Client, createClient } from 'carillon/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const titles: unknown[] = JSON.parse(readFileSync(new URL('../../library/seed/titles.json', import.meta.url), 'utf8'));

let folder: string;
let started: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-host-'));
  started = [];
});
afterEach(async () => {
  for (const host of started) host.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Host {
  readonly process: ChildProcess;
  /** Everything it has written. */
  readonly output: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

function run(args: readonly string[] = [], env: Record<string, string> = {}): Host {
  const host = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, PORT: '0', HOST: '', CARILLON_DATA: join(folder, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(host);
  let output = '';
  host.stdout.on('data', (text) => (output += text));
  host.stderr.on('data', (text) => (output += text));
  return { process: host, output: () => output, ended: once(host, 'close').then(([code]) => code as number | null) };
}

/** Adds a title, and says where it is in the log. */
async function headOf(client: Client<typeof library>): Promise<number> {
  const added = await client.execute('AddTitle', { titleId: 'new', title: 'New', authors: [] });
  if (added.rejected) throw new Error(added.message);
  return added.position;
}

/** Waits for what a host writes. */
function written(host: Host, pattern: RegExp): Promise<RegExpExecArray> {
  return until(() => {
    if (host.process.exitCode !== null)
      throw new Error(`The host ended with ${host.process.exitCode}:\n${host.output()}`);
    return pattern.exec(host.output());
  });
}

async function until<T>(look: () => T): Promise<NonNullable<T>> {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const urlOf = async (host: Host) => (await written(host, /are at (\S+)\/\n/))[1]!;

async function books(count: number): Promise<string> {
  const file = join(folder, 'books.csv');
  const rows = Array.from({ length: count }, (_, i) => `${9_000 + i},Title ${i},,Author ${i % 9},1999.0,eng,`);
  await writeFile(
    file,
    ['book_id,title,original_title,authors,original_publication_year,language_code,isbn', ...rows].join('\n'),
  );
  return file;
}

describe('the host', () => {
  it('serves every example under its name, full at first start, and keeps what was done', async () => {
    const host = run();
    const url = await urlOf(host);
    const client = createClient<typeof library>(`${url}/library/`);

    expect(await (await fetch(`${url}/`)).text()).toContain('href="/library/"');
    for (const path of ['library/health/ready', 'library/openapi.json', 'library/']) {
      expect((await fetch(`${url}/${path}`)).status, path).toBe(200);
    }
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    const { result: found } = await client.query('SearchCatalogue', { text: 'garcia marquez' });
    expect(found.items.map((item) => item.titleId)).toContain('cien-anos-de-soledad');
    expect((await client.query('OverdueLoans', {})).result).not.toEqual([]);
    const recommended = await client.query('RecommendedTitles', { titleId: 'emma' });
    expect(recommended.result[0]).toMatchObject({ because: 'borrowed-together' });

    const added = await client.execute('AddTitle', { titleId: 'new', title: 'New', authors: [] });
    const stream = await fetch(`${url}/library/queries/OverdueLoans`, { headers: { Accept: 'text/event-stream' } });
    expect(stream.status).toBe(200);
    host.process.kill('SIGTERM');
    expect(await host.ended).toBe(0);

    const again = run();
    const { result } = await createClient<typeof library>(`${await urlOf(again)}/library/`).query('TitleDetails', {
      titleId: 'new',
    });
    expect(added.rejected).toBeUndefined();
    expect(result?.title).toBe('New');
    expect(again.output()).not.toContain('Filling');
  });

  it('keeps everything in a PostgreSQL of its own, and ends that with itself', { timeout: 300_000 }, async () => {
    // PostgreSQL is run by another user where this is run by root.
    await chmod(folder, 0o755);
    const onFolders = run();
    await urlOf(onFolders);
    onFolders.process.kill('SIGTERM');
    expect(await onFolders.ended).toBe(0);
    const host = run(['--postgres']);
    const client = createClient<typeof library>(`${await urlOf(host)}/library/`);
    // The folders are full, and the database is filled from them.
    const filling = /^Filling .*/gm;
    expect(host.output().match(filling)).toEqual(onFolders.output().match(filling));
    await written(host, /Data is in PostgreSQL at 127\.0\.0\.1:\d+/);
    const { result } = await client.query('SearchCatalogue', {}, { after: await headOf(client) });
    expect(result.total).toBe(titles.length + 1);
    // What it says can be done with it can be done as it says, and its output has no password.
    const [, command = ''] = /^ {2}(CARILLON_POSTGRES=.*) --tail$/m.exec(host.output()) ?? [];
    // As a person would, and not as part of what npm may be running these tests for.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
    const shown = spawnSync('sh', ['-c', `${command} --limit 1`], { encoding: 'utf8', env });
    expect(shown).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\{.*"position":1,?.*\}\n$/) });
    expect(host.output()).not.toContain('postgresql://');
    host.process.kill('SIGTERM');
    expect(await host.ended).toBe(0);
    expect(existsSync(join(folder, 'data', 'postgres', 'data', 'postmaster.pid'))).toBe(false);

    const again = run(['--postgres']);
    const next = createClient<typeof library>(`${await urlOf(again)}/library/`);
    expect((await next.query('TitleDetails', { titleId: 'new' })).result?.title).toBe('New');
    expect(again.output()).not.toContain('Filling');
  });

  it('goes on with a first start that was interrupted', async () => {
    const [unfinished, whole] = ['library.unfinished', 'library'].map((name) => join(folder, 'data', name));
    for (;;) {
      const interrupted = run();
      await until(() => existsSync(join(unfinished!, 'log.db')) || existsSync(whole!));
      interrupted.process.kill('SIGKILL');
      await interrupted.ended;
      if (!existsSync(whole!)) break;
      // It was full before this process got around to it.
      await rm(join(folder, 'data'), { recursive: true });
    }
    expect(existsSync(unfinished!)).toBe(true);

    const url = await urlOf(run());
    const { result: all } = await createClient<typeof library>(`${url}/library/`).query('SearchCatalogue', {});
    expect(all.total).toBe(titles.length);
  });

  it('loads books while it serves', async () => {
    const host = run(['--books', await books(400)]);
    const url = await urlOf(host);
    expect((await fetch(`${url}/library/health/live`)).status).toBe(200);
    expect((await written(host, /400 books and 400 copies.*\n/))[0]).toMatch(
      /: 800 commands in [\d.]+ s, [\d,]+ a second/,
    );
    const client = createClient<typeof library>(`${url}/library/`);
    const last = await client.execute('AddCopy', { copyId: 'another', titleId: 'book-9000' });
    if (last.rejected) throw new Error(last.message);
    expect((await client.query('SearchCatalogue', {}, { after: last })).result.total).toBe(400);
  });

  it('lends the last copy to one of 200 who ask over HTTP at once', async () => {
    const host = run(['--books', await books(1)]);
    const url = await urlOf(host);
    await written(host, /1 books/);
    const post = (command: string, data: object) =>
      fetch(`${url}/library/commands/${command}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(data),
      });
    const members = Array.from({ length: 200 }, (_, i) => `member-${i}`);
    const registered = await Promise.all(
      members.map((memberId) => post('RegisterMember', { memberId, name: memberId, kind: 'adult' })),
    );
    expect(new Set(registered.map(({ status }) => status))).toEqual(new Set([200]));
    const answers = await Promise.all(
      members.map((memberId) => post('BorrowCopy', { copyId: 'book-9000-1', memberId })),
    );
    const problems = await Promise.all(answers.filter(({ status }) => status !== 200).map((answer) => answer.json()));
    expect(problems).toHaveLength(199);
    expect(new Set(problems.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(['422 AlreadyOut']));
  });

  it('ends in order when it is told to in the middle of an import', async () => {
    // More than it imports before this process gets around to it.
    const host = run(['--books', await books(100_000)]);
    await urlOf(host);
    host.process.kill('SIGINT');
    expect(await host.ended).toBe(0);
    expect(host.output()).not.toContain('books and');
  });
});

describe('what is wrong is said, and where it can be changed', () => {
  it.each([
    [['--nonsense'], {}, "unknown option '--nonsense'"],
    [['extra'], {}, 'too many arguments'],
    [['--books'], {}, 'argument missing'],
    [['--books', 'none.csv'], {}, '--books: none.csv cannot be read'],
    [['--books', tmpdir()], {}, 'is no file'],
    [[], { PORT: 'http' }, 'PORT is "http"'],
    [[], { PORT: '70000' }, 'PORT is "70000"'],
    [[], { HOST: '0.0.0.0' }, 'HOST names the address'],
  ])('%j %j ends with 2', async (args, env, message) => {
    await mkdir(join(folder, 'data', 'library'), { recursive: true });
    const host = run(args, env);
    expect(await host.ended).toBe(2);
    expect(host.output()).toContain(message);
  });

  it('ends with 1 when the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    // Node's own way of making folders one in another never comes back below /proc.
    for (const data of [join(folder, 'file'), ...(process.platform === 'linux' ? ['/proc/none'] : [])]) {
      const host = run([], { CARILLON_DATA: data });
      expect(await host.ended).toBe(1);
      expect(host.output()).toContain('CARILLON_DATA names the data folder');
    }
  });

  it('ends with 1 when the port or the folder is taken', async () => {
    const file = await books(1);
    const first = run(['--books', file]);
    const port = new URL(await urlOf(first)).port;
    const samePort = run(['--books', file], { PORT: port, CARILLON_DATA: join(folder, 'other') });
    expect(await samePort.ended).toBe(1);
    expect(samePort.output()).toContain(`port ${port}: another program uses the port`);
    expect(samePort.output()).toContain('PORT names the port');
    const sameFolder = run();
    expect(await sameFolder.ended).toBe(1);
    expect(sameFolder.output()).toContain('in use by another process');
    expect(sameFolder.output()).toContain('CARILLON_DATA names the data folder');
  });

  it('helps', async () => {
    const host = run(['--help']);
    expect(await host.ended).toBe(0);
    for (const word of ['--books', 'PORT', 'HOST', 'CARILLON_DATA']) expect(host.output()).toContain(word);
  });
});
