import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningApplication } from 'carillon/runtime';
import { testApplication } from 'carillon/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bells } from '../floor/queries.js';
import { SeatTable } from '../front-of-house/seating.js';
import { kitchen } from '../kitchen.js';
import { PutOnDuty, TakeOffDuty } from '../staff/commands.js';
import { openRoster } from './roster.js';

const source = fileURLToPath(new URL('..', import.meta.url));

let running: RunningApplication;
let folder: string;
beforeEach(async () => {
  running = await testApplication(kitchen);
  folder = await mkdtemp(join(tmpdir(), 'carillon-listeners-'));
});
afterEach(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

/** Adds a kind of listener: a file, and nothing else. */
async function addFile(name: string, startsAt: 'now' | 'beginning', isOnDuty = false): Promise<void> {
  await writeFile(
    join(folder, `${name}.ts`),
    `import { TableSeated } from '${source}front-of-house/events.js';
     import { listener } from '${source}staff/listener.js';

     export default listener('${name}', {
       label: 'Somebody new',
       on: TableSeated,
       startsAt: '${startsAt}',
       isOnDuty: ${isOnDuty},
       says: ({ table }) => \`table \${table}\`,
     });`,
  );
}

async function seat(table: string): Promise<void> {
  await running.execute(SeatTable({ table, guests: 2 }));
  await running.idle();
}

/** What everybody has said. */
async function said(): Promise<string[]> {
  await running.idle();
  const spoken = await running.log.read({ items: [{ types: ['ListenerSpoke'] }] });
  return spoken.map(({ data }) => data as { listener: string; says: string }).map((e) => `${e.listener}: ${e.says}`);
}

async function listening(): Promise<string[]> {
  await running.idle();
  return (await running.reactions()).map(({ name }) => name).filter((name) => name.startsWith('listener-'));
}

describe('a kind of listener that is added by a file alone', () => {
  it('hears what its start position says, once', async () => {
    await addFile('newcomer', 'now');
    await addFile('historian', 'beginning');
    await openRoster(running, folder);
    await seat('1');
    expect(await said()).toEqual([]);

    await running.execute(PutOnDuty({ listener: 'newcomer' }));
    await running.execute(PutOnDuty({ listener: 'historian' }));
    expect((await listening()).sort()).toEqual(['listener-historian', 'listener-newcomer']);
    await seat('2');
    expect((await said()).sort()).toEqual(['historian: table 1', 'historian: table 2', 'newcomer: table 2']);
  });

  it('hears later what it missed while it was off duty, once', async () => {
    await addFile('newcomer', 'now', true);
    await openRoster(running, folder);
    expect(await listening()).toEqual(['listener-newcomer']);
    await seat('1');
    await running.execute(TakeOffDuty({ listener: 'newcomer' }));
    expect(await listening()).toEqual([]);
    await seat('2');
    expect(await said()).toEqual(['newcomer: table 1']);
    await running.execute(PutOnDuty({ listener: 'newcomer' }));
    await running.idle();
    await seat('3');
    expect(await said()).toEqual(['newcomer: table 1', 'newcomer: table 2', 'newcomer: table 3']);
  });

  it('is found by its name while the kitchen runs', async () => {
    await openRoster(running, folder);
    await addFile('latecomer', 'beginning');
    await seat('1');
    await running.execute(PutOnDuty({ listener: 'latecomer' }));
    expect(await said()).toEqual(['latecomer: table 1']);
    const { result } = await running.query(Bells({}), { after: await running.log.head() });
    expect(result.staff).toMatchObject([{ listener: 'latecomer', label: 'Somebody new', isOnDuty: true, count: 1 }]);
  });
});

describe('the roster', () => {
  it('sends somebody home whom nobody knows', async () => {
    await openRoster(running, folder);
    await running.execute(PutOnDuty({ listener: 'nobody' }));
    await running.idle();
    const duty = await running.log.read({ items: [{ tags: ['listener:nobody'] }] });
    expect(duty.map(({ type }) => type)).toEqual(['CameOnDuty', 'WentOffDuty']);
  });

  it('says which file exports no listener', async () => {
    await writeFile(join(folder, 'nothing.ts'), 'export const nothing = 1;');
    await expect(openRoster(running, folder)).rejects.toThrow('nothing.ts exports no listener of its name');
  });

  it('lets those who work here listen, as far as they are on duty', async () => {
    await openRoster(running);
    expect(await listening()).toEqual(['listener-apprentice', 'listener-chef', 'listener-sommelier']);
    await seat('5');
    expect(await said()).toEqual(['sommelier: 2 glasses to table 5, please.']);
  });
});
