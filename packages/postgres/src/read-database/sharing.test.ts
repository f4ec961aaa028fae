import { randomUUID } from 'node:crypto';
import { integer, json, readModel, table, text } from 'carillon';
import {
  CheckpointMovedError,
  QueryRefusedError,
  ReadDatabaseError,
  type ReadDatabaseReader,
  type ReadDatabaseWriter,
  ReadOnlyError,
  type TableChanges,
} from 'carillon/adapters';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { TcpProxy } from '../../test-support/tcp-proxy.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { followReadModels, type ReadModelMove } from './follow-read-models.js';
import { openPostgresReadDatabaseReader, openPostgresReadDatabaseWriter } from './open.js';
import { moveChannel } from './read-model-rows.js';

const things = table({ columns: { id: text(), count: integer(), list: json<unknown>() }, key: 'id' });
const model = readModel('things', { tables: { things } });
const otherThings = readModel('things', {
  tables: { things: table({ columns: { id: text(), count: text(), list: text() }, key: 'id' }) },
});
const waiting = { timeout: 20_000, interval: 20 };

function insert(...ids: string[]): TableChanges[] {
  const inserts = ids.map((id) => ({ id, count: 1, list: '[]' }));
  return [{ table: 'things', inserts, upserts: [], updates: [], deletes: [] }];
}

let server: EmbeddedPostgres;
let at: { readonly url: string; readonly schema: string };
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await startEmbeddedPostgres();
});
afterAll(() => server?.stop());
beforeEach(() => {
  at = { url: server.url, schema: `t_${randomUUID().replaceAll('-', '_')}` };
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function openWriter(options: { idleTimeoutMs?: number } = {}): Promise<ReadDatabaseWriter> {
  const writer = await openPostgresReadDatabaseWriter({ ...at, ...options });
  opened.push(writer);
  return writer;
}

async function openReader(options: { statementTimeoutMs?: number } = {}): Promise<ReadDatabaseReader> {
  const reader = await openPostgresReadDatabaseReader({ ...at, ...options });
  opened.push(reader);
  return reader;
}

let reconnections = 0;

async function follow(moves: ReadModelMove[], errors: unknown[] = [], pollIntervalMs = 60_000): Promise<void> {
  reconnections = 0;
  const onReconnect = () => void reconnections++;
  const onMove = (move: ReadModelMove) => void moves.push(move);
  const onError = (error: unknown) => void errors.push(error);
  opened.push(await followReadModels({ ...at, onMove, onError, onReconnect, pollIntervalMs }));
}

async function asAdministrator<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Cuts every connection but its own. */
function cutConnections(): Promise<unknown> {
  return asAdministrator((client) =>
    client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`),
  );
}

function idsIn(reader: ReadDatabaseReader) {
  return reader.snapshot(model, (db) => db.selectFrom('things').select('id').orderBy('id').execute());
}

describe('two processes that project the same read model', () => {
  test('wait for each other, and the second changes nothing', async () => {
    const [first, second] = [await openWriter(), await openWriter()];
    await first.prepare(model);
    let goOn!: () => void;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let isInside!: () => void;
    const inside = new Promise<void>((resolve) => {
      isInside = resolve;
    });
    const moving = first.advance(model, 0, 5, async (transaction) => {
      await transaction.write(insert('first'));
      isInside();
      await held;
    });
    await inside;
    const work = vi.fn();
    const refused = expect(second.advance(model, 0, 7, work)).rejects.toBeInstanceOf(CheckpointMovedError);
    await asAdministrator((client) =>
      vi.waitFor(async () => {
        const { rows } = await client.query('SELECT FROM pg_stat_activity WHERE wait_event_type = $1', ['Lock']);
        expect(rows).toHaveLength(1);
      }, waiting),
    );
    goOn();
    await Promise.all([moving, refused]);
    expect(work).not.toHaveBeenCalled();
    expect(await idsIn(await openReader())).toMatchObject({ result: [{ id: 'first' }], position: 5 });
  });

  test('one that hangs in the middle is put out by the server, and what it does when it wakes up is refused', async () => {
    const [frozen, successor] = [await openWriter({ idleTimeoutMs: 2_000 }), await openWriter()];
    await frozen.prepare(model);
    let wakeUp!: () => void;
    const asleep = new Promise<void>((resolve) => {
      wakeUp = resolve;
    });
    let isInside!: () => void;
    const inside = new Promise<void>((resolve) => {
      isInside = resolve;
    });
    const moving = frozen.advance(model, 0, 5, async (transaction) => {
      await transaction.write(insert('frozen'));
      isInside();
      await asleep;
      await transaction.write(insert('too late'));
    });
    await inside;
    await successor.advance(model, 0, 6, (transaction) => transaction.write(insert('successor')));
    wakeUp();
    await expect(moving).rejects.toBeInstanceOf(ReadDatabaseError);
    expect(await idsIn(await openReader())).toMatchObject({ result: [{ id: 'successor' }], position: 6 });
    expect(await frozen.state(model)).toMatchObject({ position: 6, failure: undefined });
  });

  test('may both make its tables', async () => {
    const writers = await Promise.all([openWriter(), openWriter(), openWriter()]);
    const states = await Promise.all(writers.map((writer) => writer.prepare(model)));
    expect(states).toMatchObject(Array.from({ length: 3 }, () => ({ build: 1, position: 0, failure: undefined })));
  });
});

describe('a lost connection', () => {
  test('fails what was being written, of which nothing is kept, and then it goes on', async () => {
    const writer = await openWriter();
    const reader = await openReader();
    await writer.prepare(model);
    const cut = writer.advance(model, 0, 5, async (transaction) => {
      await transaction.write(insert('a'));
      await cutConnections();
      await transaction.write(insert('b'));
    });
    await expect(cut).rejects.toBeInstanceOf(ReadDatabaseError);
    await writer.advance(model, 0, 5, (transaction) => transaction.write(insert('c')));
    expect(await idsIn(reader)).toMatchObject({ result: [{ id: 'c' }], position: 5 });
  });

  test('is not noticed by who only reads: the query is run again', async () => {
    const writer = await openWriter();
    const reader = await openReader();
    await writer.prepare(model);
    await idsIn(reader);
    let runs = 0;
    const { result } = await reader.snapshot(model, async (db) => {
      if (runs++ === 0) await cutConnections();
      return db.selectFrom('things').select('id').execute();
    });
    expect([result, runs]).toEqual([[], 2]);
  });

  test('is given up when nothing is heard on it, and another is taken', async () => {
    const proxy = await TcpProxy.before(server.url);
    opened.push(proxy);
    const writer = await openWriter();
    await writer.prepare(model);
    const reader = await openPostgresReadDatabaseReader({
      url: proxy.through(server.url),
      schema: at.schema,
      statementTimeoutMs: 1_000,
    });
    opened.unshift(reader);
    let runs = 0;
    const { result } = await reader.snapshot(model, (db) => {
      if (runs++ === 0) proxy.silenceAll();
      return db.selectFrom('things').select('id').execute();
    });
    expect([result, runs]).toEqual([[], 2]);
  });

  test('and a restart of the server is got over by readers, writers and followers', async () => {
    const writer = await openWriter();
    const reader = await openReader();
    await writer.prepare(model);
    const moves: ReadModelMove[] = [];
    const errors: unknown[] = [];
    await follow(moves, errors);
    await server.restart();
    await vi.waitFor(() => writer.advance(model, 0, 5, (transaction) => transaction.write(insert('a'))), waiting);
    expect(await idsIn(reader)).toMatchObject({ result: [{ id: 'a' }], position: 5 });
    await vi.waitFor(() => expect(moves.at(-1)).toMatchObject({ readModel: 'things', position: 5 }), waiting);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every((error) => error instanceof ReadDatabaseError)).toBe(true);
    expect(errors.map(({ message }: any) => message).join('\n')).not.toContain('..');
    await vi.waitFor(() => expect(reconnections).toBe(1), waiting);
  });
});

describe('whoever follows read models', () => {
  test('hears first where each stands, and then every move with the tables that changed', async () => {
    const writer = await openWriter();
    await writer.prepare(model);
    await writer.advance(model, 0, 5, () => undefined);
    await writer.serve(model, 1);
    const moves: ReadModelMove[] = [];
    await follow(moves);
    const begunAt = expect.any(String);
    const common = {
      readModel: 'things',
      version: 1,
      failure: undefined,
      build: 1,
      begunAt,
      isServing: true,
      next: undefined,
    };
    expect(moves).toEqual([{ ...common, position: 5, tables: ['things'] }]);
    await writer.advance(model, 5, 6, (transaction) => transaction.write(insert('a')));
    await vi.waitFor(() => expect(moves.at(-1)).toEqual({ ...common, position: 6, tables: ['things'] }), waiting);
    await writer.advance(model, 6, 7, () => undefined);
    await vi.waitFor(() => expect(moves.at(-1)).toEqual({ ...common, position: 7, tables: [] }), waiting);
    const failure = { position: 8, eventType: 'Broken', message: 'it broke', failedAt: '2026-03-01T12:00:00.000Z' };
    await writer.setFailure(model, failure);
    await vi.waitFor(() => expect(moves.at(-1)).toEqual({ ...common, position: 7, failure, tables: [] }), waiting);
    await writer.reset(model);
    await vi.waitFor(
      () => expect(moves.at(-1)).toEqual({ ...common, build: 2, isServing: false, position: 0, tables: ['things'] }),
      waiting,
    );
    expect(moves).toHaveLength(5);
  });

  test('hears of what was told while nobody listened when it is looked again', async () => {
    const moves: ReadModelMove[] = [];
    await follow(moves, [], 50);
    const writer = await openWriter();
    await writer.prepare(model);
    // As if the notification had been lost.
    await asAdministrator((client) => client.query(`UPDATE ${at.schema}.read_models SET position = 9`));
    await vi.waitFor(() => expect(moves.at(-1)).toMatchObject({ position: 9, tables: ['things'] }), waiting);
  });

  test('hears of a move that came right behind what it had looked up, and does not go back', async () => {
    const proxy = await TcpProxy.before(server.url);
    opened.push(proxy);
    const writer = await openWriter();
    await writer.prepare(model);
    await writer.advance(model, 0, 5, () => undefined);
    await writer.serve(model, 1);
    const positions: number[] = [];
    opened.unshift(
      await followReadModels({
        url: proxy.through(server.url),
        schema: at.schema,
        onMove: ({ position }) => void positions.push(position),
        onError: (error) => expect.fail(String(error)),
        pollIntervalMs: 600_000,
      }),
    );
    proxy.onClientData = (data) => {
      if (data.includes('FROM "')) proxy.hold();
      return 'pass';
    };
    await asAdministrator((client) => client.query('SELECT pg_notify($1, $2)', [moveChannel(at.schema), 'look']));
    await vi.waitFor(() => expect(proxy.held).toContain('serving'), waiting);
    await writer.advance(model, 5, 6, () => undefined);
    await vi.waitFor(() => expect(proxy.held).toContain('["things",1,6,'), waiting);
    proxy.onClientData = undefined;
    proxy.release();
    await vi.waitFor(() => expect(positions).toContain(6), waiting);
    await writer.advance(model, 6, 7, () => undefined);
    await vi.waitFor(() => expect(positions).toContain(7), waiting);
    expect(positions).toEqual([5, 6, 7]);
  });

  test('takes a notification that tells nothing for a reason to look', async () => {
    const moves: ReadModelMove[] = [];
    await follow(moves, [], 600_000);
    const writer = await openWriter();
    await writer.prepare(model);
    await asAdministrator(async (client) => {
      await client.query(`UPDATE ${at.schema}.read_models SET position = 9`);
      for (const text of ['', 'hello', 'null', '{}'])
        await client.query('SELECT pg_notify($1, $2)', [moveChannel(at.schema), text]);
    });
    await vi.waitFor(() => expect(moves.at(-1)).toMatchObject({ position: 9 }), waiting);
  });
});

describe('a query', () => {
  test('cannot write by calling functions, nor allow itself to write', async () => {
    const [writer, reader] = [await openWriter(), await openReader()];
    await writer.prepare(model);
    await asAdministrator((client) => client.query(`CREATE SEQUENCE ${at.schema}.numbers`));
    const byHand = (text: string) => reader.snapshot(model, (db) => db.selectNoFrom(sql.raw(text).as('x')).execute());
    await expect(byHand(`nextval('${at.schema}.numbers')`)).rejects.toBeInstanceOf(ReadOnlyError);
    await expect(byHand("set_config('transaction_read_only', 'off', true)")).rejects.toThrow(/refuses/);
    expect(await writer.state(model)).toMatchObject({ position: 0, failure: undefined });
  });

  test('that takes too long is ended', async () => {
    const [writer, reader] = [await openWriter(), await openReader({ statementTimeoutMs: 1_000 })];
    await writer.prepare(model);
    const asking = reader.snapshot(model, (db) => db.selectNoFrom(sql`pg_sleep(30)::text`.as('x')).execute());
    await expect(asking).rejects.toThrow(/took too long/);
    expect((await idsIn(reader)).result).toEqual([]);
  });

  test('with more values than a statement can have is refused, and is no failure of the storage', async () => {
    const [writer, reader] = [await openWriter(), await openReader()];
    await writer.prepare(model);
    const withIds = (count: number) =>
      reader.snapshot(model, (db) => {
        const ids = Array.from({ length: count }, (_, i) => `t${i}`);
        return db.selectFrom('things').select('id').where('id', 'in', ids).execute();
      });
    expect(await withIds(65_535)).toMatchObject({ result: [] });
    await expect(withIds(65_536)).rejects.toThrow(/Ask in parts/);
    await expect(withIds(65_536)).rejects.toBeInstanceOf(QueryRefusedError);
  });

  test('sees the tables of one position while they are made anew, and finds the new ones afterwards', async () => {
    const [writer, reader] = [await openWriter(), await openReader()];
    await writer.prepare(model);
    await writer.advance(model, 0, 5, (transaction) => transaction.write(insert('a')));
    let resetting: Promise<void> | undefined;
    const seen = await reader.snapshot(model, async (db) => {
      resetting = writer.reset(otherThings);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return db.selectFrom('things').selectAll().execute();
    });
    await resetting;
    expect(seen).toMatchObject({ result: [{ id: 'a', count: 1, list: [] }], position: 5 });
    await writer.advance(otherThings, 0, 2, (transaction) =>
      transaction.write([{ ...insert()[0]!, inserts: [{ id: 'b', count: 'many', list: '[]' }] }]),
    );
    // The same statement was prepared on the old table.
    for (let times = 0; times < 3; times++) {
      const { result } = await reader.snapshot(otherThings, (db) => db.selectFrom('things').selectAll().execute());
      expect(result).toEqual([{ id: 'b', count: 'many', list: '[]' }]);
    }
  });

  test('runs beside others', async () => {
    const [writer, reader] = [await openWriter(), await openReader()];
    await writer.prepare(model);
    let inside = 0;
    let all!: () => void;
    const together = new Promise<void>((resolve) => {
      all = resolve;
    });
    const asking = Array.from({ length: 4 }, () =>
      reader.snapshot(model, async () => {
        if (++inside === 4) all();
        await together;
      }),
    );
    await Promise.all(asking);
    expect(inside).toBe(4);
  });
});
