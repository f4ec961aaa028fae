// A read database that has lost its last commits, as one does when the power fails: they are not synced, since they can be made again.
import { application, command, event, integer, module, query, readModel, table, text } from 'carillon';
import { type Role, type RunningApplication, start } from 'carillon/runtime';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import { postgresStorage } from './storage.js';

const Rang = event('Rang', { data: z.object({ bell: z.string() }), tags: (e) => ({ bell: e.bell }) });
const Ring = command('Ring', { data: z.object({ bell: z.string() }), decide: ({ data }) => Rang(data) });
const bells = table({ columns: { bell: text(), times: integer() }, key: 'bell' });
const rings = readModel('rings', { tables: { bells } }).on(Rang, (e, db) =>
  db.bells.update(e.bell, (row) => ({ times: row.times + 1 }), { bell: e.bell, times: 1 }),
);
const Rings = query('Rings', {
  params: z.object({}),
  from: rings,
  run: (db) => db.selectFrom('bells').selectAll().orderBy('bell').execute(),
});
const tower = application('tower', {
  modules: [module('bells', { publishes: [Rang], commands: [Ring], readModels: [rings], queries: [Rings] })],
});

let server: EmbeddedPostgres;
const open: RunningApplication[] = [];
beforeEach(async () => {
  server = await startEmbeddedPostgres();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await server.stop();
});

async function run(...roles: Role[]): Promise<RunningApplication> {
  const running = await start(tower, { storage: postgresStorage({ url: server.url }), leaseTtlMs: 1_000, roles });
  open.push(running);
  return running;
}

async function ring(running: RunningApplication): Promise<number> {
  const result = await running.execute(Ring({ bell: 'great' }));
  return result.rejected ? 0 : result.position;
}

/** Takes the last event out of the read model, without telling anybody. */
async function setBack(): Promise<void> {
  const client = new pg.Client(server.url);
  await client.connect();
  const { rows } = await client.query(`SELECT tables FROM tower_read.read_models WHERE name = 'rings'`);
  const { bells: name } = JSON.parse(rows[0].tables);
  await client.query(
    `BEGIN; UPDATE tower_read."${name}" SET times = times - 1; UPDATE tower_read.read_models SET position = position - 1; COMMIT`,
  );
  await client.end();
}

test('an answer is as of the position that was asked for, though the read database has lost what it had', async () => {
  const [writing, reading] = [await run('write'), await run('read')];
  const working = await run('work');
  await ring(writing);
  const last = await ring(writing);
  const twice = [{ bell: 'great', times: 2 }];
  expect((await reading.query(Rings({}), { after: last })).result).toEqual(twice);
  open.splice(open.indexOf(working), 1);
  await working.close();

  await setBack();
  await expect(reading.query(Rings({}), { after: last, timeoutMs: 50 })).rejects.toMatchObject({
    code: 'read-model-behind',
    position: last - 1,
    awaited: last,
  });
  // What nobody asked for by position is answered as it is.
  expect((await reading.query(Rings({}))).position).toBe(last - 1);

  const answers = reading
    .subscribe(Rings({}), { after: last, signal: AbortSignal.timeout(60_000) })
    [Symbol.asyncIterator]();
  const first = answers.next();
  const asked = reading.query(Rings({}), { after: last, timeoutMs: 60_000 });
  await run('work');
  expect(await asked).toEqual({ result: twice, position: last });
  expect((await first).value).toEqual({ result: twice, position: last });
  await answers.return?.();
});
