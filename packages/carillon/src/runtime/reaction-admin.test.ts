import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { application } from '../definitions/application.js';
import { command } from '../definitions/command.js';
import { event } from '../definitions/event.js';
import { hosting } from '../definitions/hosting.js';
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
  await expect(admin.process('ringer', 'none')).rejects.toThrow('Process manager ringer has no process none');
  await close();
  await running.close();
});

it('says when it is done, and that it was decided already', async () => {
  const running = await start(tower, { folder });
  await running.execute(Ring({ bell: 'big' }));
  await running.execute(Ring({ bell: 'small' }));
  await running.idle();
  const { admin, close } = openAdmin();
  const [big, small] = (await admin.list())[0]!.parked.map(({ position }) => position);
  isDeaf = false;
  // It is recorded when this returns, so that what is decided next is decided on what is true by then.
  expect(await admin.retry('listener', big!, undefined)).toBe('now');
  await running.idle();
  expect(heard).toEqual(['big']);
  await expect(admin.skip('listener', big!, 'late', undefined)).rejects.toThrow(
    `Reaction listener has no parked event at position ${big}. It may have been done since.`,
  );
  await running.close();

  expect(await admin.retry('listener', small!, undefined)).toBe('at-start');
  await expect(admin.skip('listener', small!, 'late', undefined)).rejects.toThrow(
    `The event at position ${small} was retried already: listener is going on with it, or will when it runs.`,
  );
  await close();
});

it('looks after reactions that were added while the application ran, and those that it had before', async () => {
  const passerBy = reaction('passer-by', {
    on: Rang,
    startsAt: 'beginning',
    retry: { maxAttempts: 1 },
    run: (e) => {
      if (isDeaf) throw new Error('walked on');
      heard.push(`outside: ${e.bell}`);
    },
  });
  const running = await start(tower, { folder });
  await running.addReaction(passerBy);
  await running.execute(Ring({ bell: 'big' }));
  await running.idle();
  const { admin, close } = openAdmin();
  const added = (await admin.list()).find(({ name }) => name === 'passer-by')!;
  expect(added).toMatchObject({ kind: 'reaction', isDeclared: false, parked: [{ message: 'walked on' }] });
  const { position } = added.parked[0]!;
  await expect(admin.retry('nobody', position, undefined)).rejects.toThrow(
    'There is no reaction nobody. There are: listener, ringer, passer-by.',
  );
  isDeaf = false;
  await admin.retry('passer-by', position, undefined);
  await running.idle();
  expect(heard).toEqual(['outside: big']);
  await running.close();

  const bare = openReactionAdmin(
    application('tower', { modules: [] }),
    openSqliteLogReader(logFile(folder)),
    recordIn(folder),
  );
  expect((await bare.list()).map(({ name, kind, isDeclared }) => [name, kind, isDeclared])).toEqual([
    ['listener', 'reaction', false],
    ['ringer', 'process-manager', false],
    ['passer-by', 'reaction', false],
  ]);
  await close();
});

it('shows a service its own reactions, also when its log began as a copy of the whole', async () => {
  const Echoed = event('Echoed', { data: z.object({}) });
  const valley = module('valley', {
    publishes: [Echoed],
    reactions: [reaction('echo', { on: Echoed, startsAt: 'now', run: () => undefined })],
  });
  const whole = application('land', { modules: [...tower.modules, valley] });
  const running = await start(whole, { folder });
  await running.close();
  const log = openSqliteLogReader(logFile(folder));
  const admin = openReactionAdmin(hosting(whole, ['valley']), log, recordIn(folder));
  expect((await admin.list()).map(({ name }) => name)).toEqual(['echo']);
  await log.close();
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
