import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDatabaseConformance } from '../../conformance/read-database-conformance.js';
import { changesTo, sample, thing } from '../../conformance/sample-read-model.js';
import { text } from '../../definitions/column.js';
import { readModel } from '../../definitions/read-model.js';
import { table } from '../../definitions/table.js';
import { openSqlite } from '../../sqlite/driver.js';
import { tablesFingerprint } from '../physical-schema.js';
import { ReadDatabaseClosedError, ReadOnlyError } from '../read-database-errors.js';
import { openMemoryReadDatabase, openSqliteReadDatabaseReader, openSqliteReadDatabaseWriter } from './open.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-read-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the SQLite read database in a file', () => {
  const open = async () => {
    const file = join(mkdtempSync(join(folder, 'db-')), 'read.db');
    const openBoth = () => ({
      writer: openSqliteReadDatabaseWriter({ file }),
      reader: openSqliteReadDatabaseReader({ file }),
    });
    let sides = openBoth();
    const close = async () => {
      await sides.reader.close();
      await sides.writer.close();
    };
    const reopen = async () => {
      await close();
      sides = openBoth();
      return sides;
    };
    return { ...sides, reopen, dispose: close };
  };
  const features = { reopen: true, typoTolerance: true } as const;
  for (const { name, run } of readDatabaseConformance({ open, features })) it(name, run);
});

describe('the SQLite read database in memory', () => {
  const open = async () => {
    const { writer, reader } = openMemoryReadDatabase();
    return {
      writer,
      reader,
      reopen: () => Promise.reject(new Error('Memory is gone.')),
      dispose: async () => {
        await reader.close();
        await writer.close();
      },
    };
  };
  const features = {
    reopen: { unsupported: 'What is in memory is gone when it is closed.' },
    typoTolerance: true,
  } as const;
  for (const { name, run } of readDatabaseConformance({ open, features })) it(name, run);
});

describe('the SQLite read database', () => {
  const things = (db: any, statement: 'deleteFrom') =>
    db
      .with('x', (inner: any) => inner.selectFrom('things').select('id'))
      [statement]('things')
      .execute();

  it.each(['file', 'memory'])('refuses writes of queries in SQLite itself, in a %s', async (kind) => {
    const file = join(folder, 'read.db');
    const writer = kind === 'file' ? openSqliteReadDatabaseWriter({ file }) : undefined;
    const sides =
      writer === undefined ? openMemoryReadDatabase() : { writer, reader: openSqliteReadDatabaseReader({ file }) };
    await sides.writer.prepare(sample);
    const refused = await sides.reader
      .snapshot(sample, (db) => things(db, 'deleteFrom'))
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ReadOnlyError);
    expect((refused as Error).cause).toMatchObject({ code: 'SQLITE_READONLY' });
    await sides.reader.close();
    await sides.writer.close();
  });

  it('can be read with any SQLite tool, by names that say what is in it', async () => {
    const file = join(folder, 'read.db');
    const writer = openSqliteReadDatabaseWriter({ file });
    const shelf = readModel('hold_shelf', {
      version: 3,
      tables: {
        titles: table({ columns: { id: text(), title: text() }, key: 'id', search: { title: 1 }, indexes: ['title'] }),
      },
    });
    await writer.prepare(shelf);
    await writer.advance(shelf, 0, 4, (transaction) =>
      transaction.write([changesTo('titles', { inserts: [{ id: 'a', title: 'Emma' }] })]),
    );
    const db = openSqlite(file, { readonly: true });
    expect(db.prepare('SELECT id, title FROM hold_shelf_v3_titles').all()).toEqual([{ id: 'a', title: 'Emma' }]);
    expect(db.prepare('SELECT name, version, position FROM carillon_read_models').all()).toEqual([
      { name: 'hold_shelf', version: 3, position: 4 },
    ]);
    db.close();
    await writer.drop('hold_shelf', 3);
    await writer.close();
    const after = openSqlite(file, { readonly: true });
    expect(after.prepare("SELECT name FROM sqlite_master WHERE name LIKE 'hold%'").all()).toEqual([]);
    after.close();
  });

  it('takes over what an older Carillon left: one row for each version, which served', async () => {
    const file = join(folder, 'read.db');
    const old = openSqlite(file);
    old.exec(`CREATE TABLE carillon_read_models (name TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
      fingerprint TEXT NOT NULL, tables TEXT NOT NULL, failure TEXT, PRIMARY KEY (name, version)) STRICT, WITHOUT ROWID`);
    const simple = readModel('simple', { tables: { rows: table({ columns: { id: text() }, key: 'id' }) } });
    old.exec(`CREATE TABLE simple_v1_rows (id TEXT NOT NULL, PRIMARY KEY (id)) STRICT, WITHOUT ROWID`);
    old.exec(`INSERT INTO simple_v1_rows VALUES ('kept')`);
    old
      .prepare(`INSERT INTO carillon_read_models VALUES ('simple', 1, 41, ?, '["simple_v1_rows"]', NULL)`)
      .run(tablesFingerprint(simple));
    old.close();
    const writers = [openSqliteReadDatabaseWriter({ file }), openSqliteReadDatabaseWriter({ file })] as const;
    const reader = openSqliteReadDatabaseReader({ file });
    const [writer] = writers;
    expect(await writer.prepare(simple)).toMatchObject({ build: 1, position: 41, isServing: true, next: undefined });
    const rows = () => reader.snapshot(simple, (db) => db.selectFrom('rows').selectAll().execute());
    expect(await rows()).toMatchObject({ result: [{ id: 'kept' }], position: 41, isServing: true });
    const { next } = await writer.beginBuild(simple);
    await writer.advance(simple, 0, 41, () => undefined, next!.build);
    expect(await writer.serve(simple, next!.build)).toBe(true);
    expect(await rows()).toMatchObject({ result: [], position: 41 });
    await reader.close();
    for (const one of writers) await one.close();
  });

  it('survives VACUUM with its search index', async () => {
    const file = join(folder, 'read.db');
    const writer = openSqliteReadDatabaseWriter({ file });
    await writer.prepare(sample);
    const rows = Array.from({ length: 50 }, (_, i) => ({
      id: `b${i}`,
      title: `word${i}`,
      authors: '[]',
      rank: null,
      copies: i,
    }));
    const deletes = rows.slice(0, 25).map(({ id }) => [id]);
    await writer.advance(sample, 0, 1, (transaction) => transaction.write([changesTo('books', { inserts: rows })]));
    await writer.advance(sample, 1, 2, (transaction) => transaction.write([changesTo('books', { deletes })]));
    const db = openSqlite(file);
    db.exec('VACUUM');
    db.close();
    const reader = openSqliteReadDatabaseReader({ file });
    const found = await reader.snapshot(sample, (books) => books.search('books', 'word40').select('copies').execute());
    expect(found.result).toEqual([{ copies: 40 }]);
    await reader.close();
    await writer.close();
  });

  it('refuses names that SQLite cannot tell apart', async () => {
    const { writer } = openMemoryReadDatabase();
    const one = table({ columns: { id: text() }, key: 'id' });
    const columns = table({ columns: { id: text(), ID: text() }, key: 'id' });
    const attempts = [
      readModel('a', { tables: { Things: one, things: one } }),
      readModel('b', { tables: { columns } }),
    ];
    for (const attempt of attempts) await expect(writer.prepare(attempt)).rejects.toThrow(/SQLite cannot tell/);
    expect(await writer.stored()).toEqual([]);
    await writer.close();
  });

  it('finishes what was begun when it closes, and takes nothing after', async () => {
    const file = join(folder, 'read.db');
    const writer = openSqliteReadDatabaseWriter({ file });
    const reader = openSqliteReadDatabaseReader({ file });
    await writer.prepare(sample);
    const advancing = writer.advance(sample, 0, 1, async (transaction) => {
      await new Promise((resolve) => setImmediate(resolve));
      await transaction.write([changesTo('things', { inserts: [thing('a')] })]);
    });
    const reading = reader.snapshot(sample, async (db) => {
      await new Promise((resolve) => setImmediate(resolve));
      return db.selectFrom('things').select('id').execute();
    });
    await Promise.all([reader.close(), writer.close()]);
    await advancing;
    expect((await reading).result).toHaveLength(0);
    await expect(writer.state(sample)).rejects.toBeInstanceOf(ReadDatabaseClosedError);
    await expect(reader.snapshot(sample, () => 1)).rejects.toBeInstanceOf(ReadDatabaseClosedError);
    await writer.close();
  });
});
