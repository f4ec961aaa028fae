import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { QueryDatabase, ReadModelDefinition } from 'carillon';
import type {
  ReadDatabaseReader,
  ReadDatabaseWriter,
  ReadModelState,
  ReadModelTransaction,
  Snapshot,
  StoredRow,
} from 'carillon/adapters';
import { inject } from 'vitest';
import * as sqlite from '../../../carillon/src/read-database/sqlite/open.js';
import { openPostgresReadDatabaseReader, openPostgresReadDatabaseWriter } from '../../src/read-database/open.js';

export const { openSqliteReadDatabaseReader, openSqliteReadDatabaseWriter } = sqlite;

type AnyReadModel = ReadModelDefinition<string, any>;
type Work<T> = (db: QueryDatabase<any>) => Promise<T> | T;

/** How often a comparison is begun again because the read model moved between its two halves. */
const maxTries = 100;

/** A read database that is two: everything is written to SQLite and to PostgreSQL, and what is read of both must be the same. */
export function openMemoryReadDatabase(): { readonly writer: ReadDatabaseWriter; readonly reader: ReadDatabaseReader } {
  const simple = sqlite.openMemoryReadDatabase();
  const at = { url: inject('postgresUrl'), schema: `t_${randomUUID().replaceAll('-', '_')}`, connections: 3 };
  const writer = openPostgresReadDatabaseWriter(at);
  const reader = writer.then(() => openPostgresReadDatabaseReader(at));
  return {
    writer: comparedWriter(simple.writer, writer),
    reader: {
      snapshot: async (readModel, work) => comparedSnapshot(simple.reader, await reader, readModel, work),
      state: (readModel) => simple.reader.state(readModel),
      close: async () => (await reader).close(),
    },
  };
}

function comparedWriter(simple: ReadDatabaseWriter, opening: Promise<ReadDatabaseWriter>): ReadDatabaseWriter {
  const both = async <T>(work: (writer: ReadDatabaseWriter) => Promise<T>): Promise<T> => {
    const [expected, found] = [await work(simple), await work(await opening)];
    assert.deepEqual(found, expected);
    return found;
  };
  return {
    prepare: (readModel) => both(async (writer) => comparable(await writer.prepare(readModel))),
    state: (readModel) => simple.state(readModel),
    setFailure: (readModel, failure, build) => both((writer) => writer.setFailure(readModel, failure, build)),
    beginBuild: (readModel) => both(async (writer) => comparable(await writer.beginBuild(readModel))),
    serve: (readModel, build) => both((writer) => writer.serve(readModel, build)),
    // Who reads keeps them on PostgreSQL.
    dropReplaced: async (readModel) => {
      const isDone = await simple.dropReplaced(readModel);
      return (await (await opening).dropReplaced(readModel)) && isDone;
    },
    reset: (readModel) => both((writer) => writer.reset(readModel)),
    stored: () => simple.stored(),
    drop: (name, version) => both((writer) => writer.drop(name, version)),
    advance: async (readModel, from, to, work, build) =>
      (await opening).advance(
        readModel,
        from,
        to,
        (second) => simple.advance(readModel, from, to, (first) => work(comparedTransaction(first, second)), build),
        build,
      ),
    close: async () => {
      await simple.close();
      await (await opening).close();
    },
  };
}

/** Without the time at which each was begun. */
function comparable(state: ReadModelState): ReadModelState {
  const begunAt = '2026-01-01T00:00:00.000Z';
  return { ...state, begunAt, next: state.next && { ...state.next, begunAt } };
}

function comparedTransaction(first: ReadModelTransaction, second: ReadModelTransaction): ReadModelTransaction {
  return {
    async load(table, keys) {
      const found = await second.load(table, keys);
      assert.deepEqual(sorted(found), sorted(await first.load(table, keys)));
      return found;
    },
    async find(table, where, options) {
      const found = await second.find(table, where, options);
      assert.deepEqual(plain(found), plain(await first.find(table, where, options)));
      return found;
    },
    async write(changes) {
      await first.write(changes);
      await second.write(changes);
    },
  };
}

async function comparedSnapshot<T>(
  simple: ReadDatabaseReader,
  postgres: ReadDatabaseReader,
  readModel: AnyReadModel,
  work: Work<T>,
): Promise<Snapshot<T>> {
  let isSearch = false;
  const watched: Work<T> = (db) =>
    work({
      ...db,
      search: (table: string, text: string) => {
        isSearch = true;
        return db.search(table, text);
      },
    } as QueryDatabase<any>);
  for (let tries = 0; tries < maxTries; tries++) {
    const expected = await simple.snapshot(readModel, watched);
    const found = await postgres.snapshot(readModel, watched);
    if (found.position !== expected.position) continue;
    assert.deepEqual([...found.tables].sort(), [...expected.tables].sort());
    // Each ranks in its own way: what the tests say of the order must hold for both.
    if (!isSearch) assert.deepEqual(found.result, expected.result);
    return found;
  }
  throw new Error(`Read model ${readModel.name} moves all the time.`);
}

function plain(rows: readonly StoredRow[]): StoredRow[] {
  return rows.map((row) => ({ ...row }));
}

function sorted(rows: readonly StoredRow[]): string[] {
  return rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
}
