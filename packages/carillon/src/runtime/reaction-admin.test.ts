import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { application } from '../definitions/application.js';
import { command } from '../definitions/command.js';
import { event } from '../definitions/event.js';
import { module } from '../definitions/module.js';
import { processManager } from '../definitions/process-manager.js';
import { reaction } from '../definitions/reaction.js';
import { logFile } from '../log/sqlite/sqlite-log.js';
import { openSqliteLogReader } from '../log/sqlite/sqlite-log-reader.js';
import { NotParkedError, UnknownReactionError } from '../reacting/reacting-errors.js';
import { openReactionAdmin, recordIn } from './reaction-admin.js';
import { start } from './start.js';

const Rang = event('Rang', { data: z.object({ bell: z.string() }), tags: (e) => ({ bell: e.bell }) });
const Ring = command('Ring', { data: z.object({ bell: z.string() }), decide: ({ data }) => Rang(data) });
let isDeaf = false;
let heard: string[] = [];
const listener = reaction('listener', {
  on: Rang,
  inOrderBy: (e) => e.bell,
  startsAt: 'beginning',
  retry: { maxAttempts: 2, baseDelayMs: 1 },
  run: (e) => {
    if (isDeaf) throw new Error('did not hear it');
    heard.push(e.bell);
  },
});
const ringer = processManager('ringer', { by: 'bell', initial: 0, timers: ['again'], startsAt: 'beginning' })
  .on(Rang, (rings, _, { setTimer }) => {
    setTimer('again', { days: 1 });
    return rings + 1;
  })
  .onTimer('again', () => undefined);
const tower = application('tower', {
  modules: [module('bells', { publishes: [Rang], commands: [Ring], reactions: [listener, ringer] })],
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-'));
  isDeaf = true;
  heard = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openAdmin() {
  const log = openSqliteLogReader(logFile(folder));
  return { admin: openReactionAdmin(tower, log, recordIn(folder)), close: () => log.close() };
}

it('shows what is parked, and has it done again while the application runs', async () => {
  const running = await start(tower, { folder });
  await running.execute(Ring({ bell: 'big' }));
  await running.execute(Ring({ bell: 'small' }));
  await running.idle();
  const [status] = await running.reactions();
  expect(status).toMatchObject({ name: 'listener', status: 'parked', lagEvents: 0 });
  expect((await running.health()).problems).toEqual(['Reaction listener has 2 parked: retry or skip them.']);

  const { admin, close } = openAdmin();
  const [parked] = (await admin.list())[0]!.parked;
  expect(parked).toMatchObject({ key: 'big', eventType: 'Rang', message: 'did not hear it', attempts: 2 });
  await expect(admin.retry('listener', 999, undefined)).rejects.toThrow(NotParkedError);
  await expect(admin.retry('nobody', 1, undefined)).rejects.toThrow(UnknownReactionError);
  isDeaf = false;
  await admin.retry('listener', parked!.position, 'quasimodo');
  while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await running.idle();
  expect(heard).toEqual(['big']);
  while (readdirSync(join(folder, 'requests')).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await running.reactions())[0]!.parked.map(({ key }) => key)).toEqual(['small']);

  expect(await admin.processes('ringer', 10)).toEqual(['small', 'big']);
  const view = await admin.process('ringer', 'big');
  expect(view).toMatchObject({ state: 1, isEnded: false, timers: [{ timer: 'again' }] });
  expect(await running.process('ringer', 'big')).toEqual(view);
  await expect(admin.processes('listener', 10)).rejects.toThrow(UnknownReactionError);
  await close();
  await running.close();
});

it('records it when the application does not run, which then does it when it is started', async () => {
  const before = await start(tower, { folder });
  await before.execute(Ring({ bell: 'big' }));
  await before.execute(Ring({ bell: 'small' }));
  await before.idle();
  await before.close();
  const { admin, close } = openAdmin();
  // What they record about themselves is nothing that they have to do.
  expect((await admin.list()).map(({ lagEvents, lagMs }) => [lagEvents, lagMs])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  const [big, small] = (await admin.list())[0]!.parked;
  await admin.skip('listener', big!.position, 'it has a crack', 'quasimodo');
  await admin.retry('listener', small!.position, undefined);
  expect((await admin.list())[0]!.parked.every(({ resumeAfter }) => resumeAfter !== undefined)).toBe(true);
  await close();
  isDeaf = false;
  const running = await start(tower, { folder });
  await running.idle();
  expect(heard).toEqual(['small']);
  expect((await running.reactions())[0]).toMatchObject({ status: 'current', parked: [] });
  await running.close();
});
