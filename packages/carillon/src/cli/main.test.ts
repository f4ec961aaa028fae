import { spawnSync } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { program, useHall } from './hall.fixture.js';

const hall = useHall();

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
    const { status, stdout, stderr } = hall.run(...args);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, '']);
  });

  it('refuses what cannot be hosted or connected, and says what to do', () => {
    const told = (...args: string[]) =>
      hall.run('start', hall.module, '--data', join(hall.folder, 'unused'), ...args).stderr;
    expect(told('--modules', 'dor')).toContain('There is no module dor. Application hall has: door.');
    expect(told('--name', 'hall-door')).toContain('--name is the name of a service that hosts some --modules');
    expect(told('--nats', 'localhost')).toContain(
      '--nats takes URLs such as nats://127.0.0.1:4222, and not "localhost".',
    );
    expect(told('--nats', 'nats://127.0.0.1:99999')).toContain('and not "nats://127.0.0.1:99999"');
    expect(told('--nats', 'nats://localhost,http://ann:a,secret@localhost')).toContain('and not "http://…@localhost"');
    expect(told('--nats-replicas', '2')).toContain('It is 1, 3 or 5.');
    expect(told('--nats-replicas', '3')).toContain('--nats-replicas needs --nats.');
  });

  it('a PORT in the environment that is none', () => {
    const env = { ...process.env, PORT: 'eighty' };
    const { status, stderr } = spawnSync(process.execPath, [program, 'start', hall.module], {
      encoding: 'utf8',
      env,
    });
    expect([status, stderr]).toEqual([
      2,
      'carillon: The environment variable PORT is "eighty": use a port from 0 to 65535.\n',
    ]);
    const dev = spawnSync(process.execPath, [program, 'dev', hall.module], { encoding: 'utf8', env });
    expect([dev.status, dev.stderr]).toEqual([2, stderr]);
  });

  it('unless nobody asked for a port', () => {
    const env = { ...process.env, PORT: 'eighty' };
    const { status } = spawnSync(process.execPath, [program, 'events', '--help'], { encoding: 'utf8', env });
    expect(status).toBe(0);
  });

  it('and a folder in the environment that is nothing counts as none', () => {
    const env = { ...process.env, CARILLON_DATA: '' };
    const { stderr } = spawnSync(process.execPath, [program, 'events'], {
      encoding: 'utf8',
      env,
      cwd: hall.folder,
    });
    expect(stderr).toContain(`There is no log in ${join(realpathSync(hall.folder), 'data')}.`);
  });
});

it('a module that cannot be loaded, or exports no application, is exit code 1', () => {
  writeFileSync(join(hall.folder, 'broken.mjs'), 'export default 1 +;');
  writeFileSync(join(hall.folder, 'none.mjs'), 'export default 1;');
  expect(hall.run('start', 'broken.mjs')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('broken.mjs cannot be loaded'),
  });
  expect(hall.run('start', 'none.mjs')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^carillon: none\.mjs exports no application\. /),
  });
});

it('is there', () => {
  expect(hall.run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
