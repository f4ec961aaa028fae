import { createHash } from 'node:crypto';
import { application, event, json, module, query, readModel, table, text } from 'carillon';
import { type RunningApplication, start } from 'carillon/runtime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { postgresStorage } from '../storage.js';

const Noted = event('Noted', { data: z.object({ id: z.string(), words: z.array(z.string()) }) });

let server: EmbeddedPostgres;
let running: RunningApplication | undefined;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
}, 120_000);
afterEach(() => running?.close());
afterAll(() => server?.stop());

/** Texts that do not get shorter by packing. */
function noise(name: string, length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i++) text += createHash('sha256').update(`${name} ${i}`).digest('base64url');
  return text.slice(0, length);
}

const notes = readModel('notes', {
  tables: { notes: table({ columns: { id: text(), words: json<string[]>() }, key: 'id', search: { words: 1 } }) },
})
  // Grows beyond what one event holds.
  .on(Noted, ({ id, words }, db) => db.notes.update(id, (row) => ({ words: [...row.words, ...words] }), { id, words }));
const byWord = readModel('by-word', {
  tables: { notes: table({ columns: { id: text(), word: text() }, key: 'id', indexes: ['word'] }) },
}).on(Noted, ({ id, words }, db) => db.notes.upsert({ id, word: words[0]! }));
const Find = query('Find', {
  params: z.object({ word: z.string() }),
  from: notes,
  run: (db, { word }) => db.search('notes', word).select('id'),
});
const Words = query('Words', {
  params: z.object({ id: z.string().optional() }),
  from: byWord,
  run: (db, { id }) =>
    db
      .selectFrom('notes')
      .select('id')
      .$if(id !== undefined, (select) => select.where('id', '=', id!))
      .orderBy('id'),
});

function started(name: string): Promise<RunningApplication> {
  const notebook = application(name, {
    modules: [module('notes', { publishes: [Noted], readModels: [notes, byWord], queries: [Find, Words] })],
  });
  return start(notebook, { storage: postgresStorage({ url: server.url }) });
}

test.each([2_800, 9_000])('a text of %i bytes in an index stops its read model, and no other', async (length) => {
  running = await started(`long-${length}`);
  const long = noise('long', length);
  await running.log.append(['a', 'b'].map((id) => Noted({ id, words: [id] })));
  const { last } = await running.log.append([Noted({ id: 'c', words: [long] }), Noted({ id: 'd', words: ['d'] })]);
  await running.query(Find({ word: 'd' }), { after: last });
  const failure = expect.objectContaining({ position: 3, message: expect.stringMatching(/2,700 bytes.*index row/) });
  await expect.poll(() => running!.readModels()).toContainEqual(expect.objectContaining({ name: 'by-word', failure }));
  expect((await running.query(Words({}))).result).toEqual([{ id: 'a' }, { id: 'b' }]);
});

test('of more words than an index holds for one row the first are found', async () => {
  running = await started('many-words');
  const words = (part: number) => Array.from({ length: 6_000 }, (_, i) => `w${part}n${i}${'x'.repeat(100)}`);
  const parts = [0, 1, 2, 3].map((part) => Noted({ id: 'a', words: [...words(part), `end${part}`] }));
  for (const part of parts) await running.log.append([part]);
  await running.log.append([Noted({ id: 'b', words: ['end3'] })]);
  const found = async (word: string) => (await running!.query(Find({ word }), { after: 5 })).result;
  expect(await found('end0')).toEqual([{ id: 'a' }]);
  expect(await found('end3')).toEqual([{ id: 'b' }]);
});

test('a key with what no text of PostgreSQL holds is found again, in a handler and in a query', async () => {
  running = await started('odd-keys');
  const ids = ['a\0b', 'a\uFFFDb', 'lone \ud800'];
  // Together, and then each again when it is there.
  await running.log.append(ids.map((id) => Noted({ id, words: ['one'] })));
  for (const id of ids) await running.log.append([Noted({ id, words: ['two'] })]);
  expect((await running.query(Find({ word: 'two' }), { after: 6 })).result).toHaveLength(2);
  expect((await running.query(Words({ id: ids[0] }))).result).toEqual([{ id: 'a\uFFFDb' }]);
});
