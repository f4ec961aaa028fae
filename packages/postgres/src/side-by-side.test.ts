// Two versions of an application on one database: each answers from its own version of a read model.
import { hostname } from 'node:os';
import { application, command, event, integer, module, query, readModel, state, table, text } from 'carillon';
import { type Role, type RunningApplication, start } from 'carillon/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openSharedReadModelAdmin } from '../../carillon/src/runtime/read-model-admin.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import { postgresStorage } from './storage.js';

const Rang = event('Rang', { data: z.object({ bell: z.string() }), tags: (e) => ({ bell: e.bell }) });
const Ring = command('Ring', { data: z.object({ bell: z.string() }), decide: ({ data }) => Rang(data) });

const oldBells = table({ columns: { bell: text(), times: integer() }, key: 'bell' });
const oldRings = readModel('rings', { version: 1, tables: { bells: oldBells } }).on(Rang, (e, db) =>
  db.bells.update(e.bell, (row) => ({ times: row.times + 1 }), { bell: e.bell, times: 1 }),
);
const OldRings = query('Rings', {
  params: z.object({}),
  from: oldRings,
  run: (db) => db.selectFrom('bells').selectAll().orderBy('bell').execute(),
});

/** So many handlers have run: the new version is held back in the middle of its first build. */
let handled = 0;
let isHeldBack = false;
const newBells = table({ columns: { bell: text(), rung: integer(), first: integer() }, key: 'bell' });
const newRings = readModel('rings', { version: 2, tables: { bells: newBells } }).on(Rang, (e, db, recorded) => {
  if (isHeldBack && ++handled > 100) throw new Error('held back');
  db.bells.update(e.bell, (row) => ({ rung: row.rung + 1 }), { bell: e.bell, rung: 1, first: recorded.position });
});
const NewRings = query('Rings', {
  params: z.object({}),
  from: newRings,
  run: (db) => db.selectFrom('bells').selectAll().orderBy('bell').execute(),
});

const before = application('tower', {
  modules: [module('bells', { publishes: [Rang], commands: [Ring], readModels: [oldRings], queries: [OldRings] })],
});
const after = application('tower', {
  modules: [module('bells', { publishes: [Rang], commands: [Ring], readModels: [newRings], queries: [NewRings] })],
});

let server: EmbeddedPostgres;
const open: RunningApplication[] = [];
beforeEach(async () => {
  server = await startEmbeddedPostgres();
  handled = 0;
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await server.stop();
});

async function run(which: typeof before | typeof after, ...roles: Role[]): Promise<RunningApplication> {
  const some = roles.length === 0 ? {} : { roles };
  const running = await start(which, { storage: postgresStorage({ url: server.url }), leaseTtlMs: 1_000, ...some });
  open.push(running);
  return running;
}

async function ring(running: RunningApplication, times: number): Promise<number> {
  let position = 0;
  for (let n = 0; n < times; n++) {
    const result = await running.execute(Ring({ bell: n % 2 === 0 ? 'great' : 'small' }));
    if (!result.rejected) position = result.position;
  }
  return position;
}

test('old and new processes answer side by side, and the old version is dropped when nobody uses it any more', async () => {
  const old = await run(before);
  let last = await ring(old, 200);
  expect((await old.query(OldRings({}), { after: last })).result).toEqual([
    { bell: 'great', times: 100 },
    { bell: 'small', times: 100 },
  ]);

  // The new version is half built: nothing is answered from it, it is not ready, and the old one goes on.
  isHeldBack = true;
  let young = await run(after);
  await expect.poll(async () => (await young.readModels())[0]!.status).toBe('failed');
  expect(await young.readModels()).toMatchObject([{ version: 2, isServing: false }]);
  expect((await young.health()).ready).toBe(false);
  await expect(young.query(NewRings({}), { timeoutMs: 200 })).rejects.toMatchObject({ code: 'read-model-failed' });
  last = await ring(young, 2);
  expect((await old.query(OldRings({}), { after: last })).result).toEqual([
    { bell: 'great', times: 101 },
    { bell: 'small', times: 101 },
  ]);

  // Mended, it goes on where it stopped, and answers when it has caught up.
  open.splice(open.indexOf(young), 1);
  await young.close();
  isHeldBack = false;
  young = await run(after);
  last = await ring(old, 2);
  const expected = [
    { bell: 'great', rung: 102, first: expect.any(Number) },
    { bell: 'small', rung: 102, first: expect.any(Number) },
  ];
  expect((await young.query(NewRings({}), { after: last, timeoutMs: 30_000 })).result).toEqual(expected);
  expect((await young.health()).ready).toBe(true);
  expect((await old.query(OldRings({}), { after: last })).result).toHaveLength(2);

  // The old processes go. Their version is dropped by whoever decides that it is not needed for a way back.
  open.splice(open.indexOf(old), 1);
  await old.close();
  last = await ring(young, 1);
  expect((await young.query(NewRings({}), { after: last })).result[0]).toMatchObject({ rung: 103 });
  const admin = await openSharedReadModelAdmin(after as never, postgresStorage({ url: server.url }));
  expect(await admin.others()).toMatchObject([{ name: 'rings', version: 1 }]);
  await expect(admin.drop('rings', 2)).rejects.toMatchObject({
    code: 'read-model-in-use',
    message: expect.stringContaining('It is the one that this module has') as string,
  });

  // Who answers from it is named. Who only writes needs no read model.
  const reader = await run(before, 'read');
  await run(before, 'write');
  await expect(admin.drop('rings', 1)).rejects.toMatchObject({
    code: 'read-model-in-use',
    message: expect.stringMatching(
      new RegExp(
        '^Version 1 of read model rings cannot be dropped\\. These connections of processes use it: ' +
          `carillon ${hostname()}:${process.pid} follows tower_read, from 127\\.0\\.0\\.1, backend \\d+\\. Stop those`,
      ),
    ) as string,
  });
  open.splice(open.indexOf(reader), 1);
  await reader.close();
  await admin.drop('rings', 1);
  expect(await admin.others()).toEqual([]);
  await admin.close();
  expect((await young.query(NewRings({}))).result).toHaveLength(2);
});

test('what one process was told of is not denied by another', async () => {
  const Opened = event('Opened', { data: z.object({ door: z.string() }), tags: (e) => ({ door: e.door }) });
  const isOpen = state('door', { initial: false }).on(Opened, () => true);
  const Open = command('Open', { data: z.object({ door: z.string() }), decide: ({ data }) => Opened(data) });
  const Enter = command('Enter', {
    data: z.object({ door: z.string() }),
    reads: (c) => ({ isOpen: isOpen(c.door) }),
    rejections: { Closed: 'The door is closed' },
    decide: ({ isOpen, reject }) => (isOpen ? undefined : reject('Closed')),
  });
  const house = application('house', { modules: [module('doors', { publishes: [Opened], commands: [Open, Enter] })] });
  const storage = postgresStorage({ url: server.url });
  const [one, other] = [await start(house, { storage }), await start(house, { storage })];
  open.push(one, other);
  for (let n = 0; n < 100; n++) {
    const door = `d${n}`;
    expect(await other.execute(Enter({ door }))).toMatchObject({ rejected: true, code: 'Closed' });
    await one.execute(Open({ door }));
    expect((await other.execute(Enter({ door }))).rejected).not.toBe(true);
  }
});

test('processes do not start with other tables than those that their version has, except where they have nothing to do with them', async () => {
  const first = await run(before);
  await ring(first, 2);
  const bells = table({ columns: { bell: text(), times: integer(), loudest: integer().nullable() }, key: 'bell' });
  const rings = readModel('rings', { tables: { bells } }).on(Rang, (e, db) =>
    db.bells.insert({ bell: e.bell, times: 1 }),
  );
  const changed = application('tower', {
    modules: [module('bells', { publishes: [Rang], commands: [Ring], readModels: [rings] })],
  });
  const storage = postgresStorage({ url: server.url });
  for (const role of ['read', 'work'] as const) {
    await expect(start(changed, { storage, roles: [role] })).rejects.toThrow(
      /rings are not those that version 1 was built with.*Raise its version/,
    );
  }
  open.push(await start(changed, { storage, roles: ['write'] }));
});
