import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { changesTo } from '../conformance/sample-read-model.js';
import { application, integer, json, module, type QueryDefinition, query, readModel, table, text } from '../index.js';
import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database/read-database.js';
import { openMemoryReadDatabase } from '../read-database/sqlite/open.js';
import { checkQuery, QueryRunner } from './query-runner.js';

const titles = table({ columns: { id: text(), title: text(), list: json<string[]>(), year: integer() }, key: 'id' });
const shelf = readModel('shelf', { tables: { titles } });
const none = z.object({});

const Titles = query('Titles', {
  params: z.object({ from: z.int().default(0) }),
  from: shelf,
  authorize: (actor) => actor?.id !== 'banned',
  run: (db, p) => db.selectFrom('titles').select(['id', 'list']).where('year', '>=', p.from).orderBy('id'),
});
const Count = query('Count', {
  params: none,
  from: shelf,
  run: async (db) => (await db.selectFrom('titles').select('id').execute()).length,
});
const Nothing = query('Nothing', { params: none, from: shelf, run: () => undefined });
const Today = query('Today', {
  params: none,
  from: shelf,
  run: (_, __, { now, today, actor }) => ({ now: now.toISOString(), today: today.iso, actor }),
});
const Broken = query('Broken', {
  params: none,
  from: shelf,
  run: () => {
    throw new Error('broken');
  },
});
const queries: QueryDefinition[] = [Titles, Count, Nothing, Today, Broken];
const library = application('library', {
  timeZone: 'Pacific/Auckland',
  modules: [module('shelf', { readModels: [shelf], queries })],
});

let sides: { writer: ReadDatabaseWriter; reader: ReadDatabaseReader };
let runner: QueryRunner;
beforeEach(async () => {
  sides = openMemoryReadDatabase();
  runner = new QueryRunner(library, sides.reader, () => new Date('2026-03-01T12:00:00Z'));
  await sides.writer.prepare(shelf);
  const inserts = [1, 2, 3].map((n) => ({ id: `t${n}`, title: `T${n}`, list: `["${n}"]`, year: 2000 + n }));
  await sides.writer.advance(shelf, 0, 7, (transaction) => transaction.write([changesTo('titles', { inserts })]));
  await sides.writer.serve(shelf, 1);
});
afterEach(() => sides.writer.close());

describe('a query', () => {
  it('is answered from one snapshot, encoded once, with a hash that tells answers apart', async () => {
    const json = '[{"id":"t2","list":["2"]},{"id":"t3","list":["3"]}]';
    const hash = createHash('sha256').update(json).digest().subarray(0, 16).toString('base64url');
    const answer = await runner.run('Titles', { from: 2002 });
    expect(answer).toEqual({ json, position: 7, hash, tables: ['titles'] });
    expect(hash).toHaveLength(22);
    expect((await runner.run('Titles', { from: 2003 })).hash).not.toBe(hash);
  });

  it('is not answered from tables that have not caught up for the first time', async () => {
    await sides.writer.reset(shelf);
    await expect(runner.run('Count', {})).rejects.toMatchObject({ code: 'read-model-building', position: 0 });
  });

  it('may return a select, a promise, a value or nothing', async () => {
    expect(await runner.run('Count', {})).toMatchObject({ json: '3', tables: ['titles'] });
    expect(await runner.run('Nothing', {})).toMatchObject({ json: 'null', tables: [] });
    const { json } = await runner.run('Today', {}, { id: 'ada' });
    expect(JSON.parse(json)).toEqual({ now: '2026-03-01T12:00:00.000Z', today: '2026-03-02', actor: { id: 'ada' } });
  });

  it('that fails does no harm to the next', async () => {
    await expect(runner.run('Broken', {})).rejects.toThrow('broken');
    expect(await runner.run('Count', {})).toMatchObject({ json: '3' });
  });

  it('is checked before it runs: parameters, who asks, and whether it is known', async () => {
    expect(await checkQuery(library, Titles({}), undefined)).toEqual({ from: 0 });
    await expect(checkQuery(library, Titles({ from: 'x' as never }), undefined)).rejects.toMatchObject({
      code: 'validation-failed',
      issues: [{ path: '/from' }],
    });
    await expect(checkQuery(library, Titles({}), { id: 'banned' })).rejects.toMatchObject({ code: 'forbidden' });
    const Other = query('Titles', { params: none, from: shelf, run: () => 1 });
    await expect(checkQuery(library, Other({}), undefined)).rejects.toMatchObject({ code: 'query-unknown' });
  });
});
