import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { greet, program, source, useHall } from './hall.fixture.js';

const hall = useHall();

describe('an application', () => {
  it('is served, looked at while it runs and when it does not, and stopped gracefully', async () => {
    const { server, url } = await hall.serve('start');
    for (const guest of ['ada', 'bob', 'cleo']) await greet(url, guest);

    const table = hall.run('events', '--data', hall.data, '--format', 'table').stdout.split('\n');
    expect(table[0]).toMatch(/^ +position {2}recorded \(UTC\) +type +data$/);
    expect(table[1]).toMatch(/^ +1 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}Greeted +\{"guest":"ada"\}$/);

    const second = spawnSync(process.execPath, [program, 'start', hall.module, '--data', hall.data, '--port', '0'], {
      encoding: 'utf8',
    });
    expect([second.status, second.stderr]).toEqual([1, expect.stringMatching(/in use by another process/)]);

    expect(await hall.stop(server)).toBe(0);
    const lines = hall.run('events', '--data', hall.data, '--tag', 'guest:bob').stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).data)).toEqual([{ guest: 'bob' }]);
    const backwards = hall.run('events', '--data', hall.data, '--backwards', '--limit', '2').stdout.trim().split('\n');
    expect(backwards.map((line) => JSON.parse(line).position)).toEqual([3, 2]);
    expect(hall.run('events', '--data', hall.data, '--type', 'Nothing').stderr).toBe('No events match.\n');
  });

  it('is stopped gracefully by Ctrl-C, which reaches every process of the terminal', async () => {
    const started = await hall.serve('start');
    expect(await hall.interrupt(started.server)).toBe(0);
    const developed = await hall.serve('dev');
    expect(await hall.interrupt(developed.server)).toBe(0);
    expect(developed.said()).not.toContain('It stopped');
  });

  it('shows new events as they come, and ends quietly when nobody reads', async () => {
    const { url } = await hall.serve('start');
    const tail = hall.spawn('events', '--data', hall.data, '--tail', '--tag', 'guest:dora');
    await greet(url, 'eve');
    await greet(url, 'dora');
    const [line] = (await once(tail.stdout, 'data')) as [Buffer];
    expect(JSON.parse(String(line))).toMatchObject({ type: 'Greeted', data: { guest: 'dora' }, tags: ['guest:dora'] });
    tail.stdout.destroy();
    // It may end before the greeting is answered.
    const ended = once(tail, 'exit');
    await greet(url, 'dora');
    expect(await ended).toEqual([0, null]);
  });

  it('has a tail that begins with the last events, or after a position', async () => {
    const { url } = await hall.serve('start');
    const guests = Array.from({ length: 15 }, (_, i) => `tail-${i}`);
    for (const guest of guests) await greet(url, guest);
    const tailed = (...args: string[]) => {
      const { stdout } = hall.run('events', '--data', hall.data, '--tail', ...args);
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
    const { server, url } = await hall.serve('start', { env: { UNWELCOME: 'mallory' } });
    await greet(url, 'mallory');
    const waited = await fetch(`${url}/queries/Guests`, {
      headers: { 'carillon-after': String(await greet(url, 'zoe')) },
    });
    expect(waited.status).toBe(503);
    const shown = hall.run('read-models', hall.module, '--data', hall.data);
    expect(shown.status).toBe(1);
    expect(shown.stdout).toMatch(/│ book .*│ failed/);
    expect(shown.stdout).toMatch(/book stopped at position \d+ \(Greeted\) at .*:\n {2}unwelcome\n/);

    await hall.stop(server);
    expect(hall.run('read-models', 'resume', hall.module, 'book', '--data', hall.data)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^book has caught up to \d+\.\n$/),
    });
    const again = await hall.serve('start');
    const before = await (await fetch(`${again.url}/queries/Guests`)).json();
    expect(before).toContain('Hello mallory');
    expect(hall.run('read-models', 'rebuild', hall.module, 'book', '--data', hall.data)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^book is rebuilt: every event up to \d+ is in it\.\n$/),
    });
    expect(await (await fetch(`${again.url}/queries/Guests`)).json()).toEqual(before);
    expect(hall.run('read-models', 'rebuild', hall.module, 'nothing', '--data', hall.data)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('There is no read model nothing. There are: book.'),
    });
  });

  it('makes log lines of what goes wrong in the background', async () => {
    const { server, url, said } = await hall.serve('start', {
      env: { UNWELCOME: 'eve' },
      data: join(hall.folder, 'warned'),
    });
    const position = await greet(url, 'eve');
    // A process that ends need not get to it any more.
    while (!/^\{.*\}\n/m.test(said())) await new Promise((resolve) => setTimeout(resolve, 20));
    await hall.stop(server);
    const lines = said()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 40,
        code: 'CARILLON_READ_MODEL_FAILED',
        msg: expect.stringContaining(`Read model book stopped at Greeted (position ${position}): unwelcome`),
        detail: expect.stringContaining('hall.mjs'),
      },
    ]);
  });

  it('has a read model that nobody builds, and says why', async () => {
    const own = join(hall.folder, 'idle-data');
    const { server, url } = await hall.serve('start', { data: own });
    await greet(url, 'ada');
    const written = (name: string, from: string, to: string) => {
      writeFileSync(join(hall.folder, name), source('Hello ').replace(from, to));
      return name;
    };
    const raised = written('raised.mjs', "readModel('book', {", "readModel('book', { version: 2,");
    const changed = written('changed.mjs', 'columns: { guest', 'columns: { more: text(), guest');
    const listed = (file: string) => hall.run('read-models', file, '--data', own);
    expect(listed(raised)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(
        '\nbook waits. The application that runs does not have version 2 of book. Start it again with this module.\n',
      ),
    });
    await hall.stop(server);
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
    const refused = hall.run('start', changed, '--data', own, '--port', '0');
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('rebuild changed.mjs book\n') });
    expect(listed(hall.module)).toMatchObject({ status: 0, stdout: expect.not.stringContaining('waits') });

    // A version that is newer than the module's is not to be dropped, and the one that was before it may be.
    await hall.stop((await hall.serve('start', { file: join(hall.folder, raised), data: own })).server);
    expect(listed(hall.module)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /\nAlso stored: book@2, \w+ up to \d+; a newer version of the application has it\.\n$/,
      ),
    });
    expect(listed(raised).stdout).toMatch(
      /\nAlso stored: book@1, served up to \d+; this application has no such version\. .*: carillon read-models drop raised\.mjs book@1\n/,
    );
  });

  it('is restarted by dev when its code changes, not its data, and waits when that is broken', async () => {
    const { address, said, url } = await hall.serve('dev', { data: join(hall.folder, 'fresh', 'data') });
    await greet(url, 'ada');
    expect(await (await fetch(`${url}/queries/Guests`, { headers: { 'carillon-after': '1' } })).json()).toEqual([
      'Hello ada',
    ]);
    expect(said()).not.toContain('restarting');
    const length = said().length;
    writeFileSync(hall.module, source('Good day '));
    const second = await address(length);
    expect(await (await fetch(`${second}/queries/Guests`)).json()).toContain('Good day ada');
    writeFileSync(hall.module, 'export default 1 +;');
    while (!said().includes('waiting for a change')) await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(hall.module, source('Hello '));
    const third = await address(said().length);
    expect(await (await fetch(`${third}/queries/Guests`)).json()).toContain('Hello ada');
  });
});

it('says once what a command threw, in the line that it logs', async () => {
  const file = join(hall.folder, 'burning.mjs');
  writeFileSync(file, source('Hello ').replace('Greeted(data) })', "{ throw new Error('boom'); } })"));
  const { url, said } = await hall.serve('start', { file, data: join(hall.folder, 'burning-data') });
  const response = await fetch(`${url}/commands/Greet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ guest: 'ada' }),
  });
  expect(response.status).toBe(500);
  while (!/^\{.*\}\n/m.test(said())) await new Promise((resolve) => setTimeout(resolve, 20));
  const { err } = JSON.parse(/^\{.*\}$/m.exec(said())![0]);
  expect(err).toMatchObject({
    message: expect.stringMatching(/: it threw: boom$/),
    stack: expect.stringMatching(/\ncaused by: Error: boom\n.*burning\.mjs/),
  });
});

it('a module may say who is let in', async () => {
  const guarded = join(hall.folder, 'guarded.mjs');
  const refuse = `export const http = { authenticate: () => { throw new Unauthenticated('nobody'); } };`;
  const http = fileURLToPath(new URL('../../dist/http/index.js', import.meta.url));
  const imports = `import { UnauthenticatedError as Unauthenticated } from ${JSON.stringify(http)};`;
  writeFileSync(guarded, `${imports}\n${source('Hello ')}\n${refuse}`);
  const own = join(hall.folder, 'guarded-data');
  const server = hall.spawn('start', guarded, '--data', own, '--port', '0');
  let said = '';
  while (!said.includes('/queries/')) said += String(((await once(server.stdout, 'data')) as [Buffer])[0]);
  const url = /http:\S+\/hall(?=\/commands)/.exec(said)![0];
  expect((await fetch(`${url}/queries/Guests`)).status).toBe(401);
});

it('is served to other machines only when it does not let everybody in, and shows where it is on this one', async () => {
  const own = join(hall.folder, 'host-data');
  const wide = ['--host', '0.0.0.0', '--port', '0', '--data', own];
  expect(hall.run('start', hall.module, ...wide)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The server does not bind to 0.0.0.0 while hall lets anyone in'),
  });
  expect(existsSync(own)).toBe(false);
  const known = join(hall.folder, 'known.mjs');
  writeFileSync(known, `${source('Hello ')}\nexport const http = { authenticate: () => ({ id: 'ada' }) };`);
  const server = hall.spawn('start', known, ...wide);
  let said = '';
  while (!said.includes('Ctrl-C')) said += String(((await once(server.stdout, 'data')) as [Buffer])[0]);
  const url = /here {6}(http:\/\/localhost:\d+\/hall)\n/.exec(said)![1]!;
  expect((await fetch(`${url}/queries/Guests`)).status).toBe(200);
});
