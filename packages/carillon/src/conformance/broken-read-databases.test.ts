import { describe, expect, it } from 'vitest';
import { altered } from '../../test-support/altered.js';
import type { TableChanges } from '../read-database/read-database.js';
import { openMemoryReadDatabase } from '../read-database/sqlite/open.js';
import { readDatabaseConformance } from './read-database-conformance.js';

type ReadDatabaseSides = ReturnType<typeof openMemoryReadDatabase>;
type Break = (sides: ReadDatabaseSides) => Partial<ReadDatabaseSides>;

/** A writer whose transactions write something else than they were told. */
function writesInstead(instead: (changes: TableChanges) => TableChanges): Break {
  return ({ writer }) => ({
    writer: altered(writer, {
      advance: (readModel, from, to, work) =>
        writer.advance(readModel, from, to, (transaction) =>
          work(altered(transaction, { write: (changes) => transaction.write(changes.map(instead)) })),
        ),
    }),
  });
}

/** Read databases that are wrong in one way each, and the group of cases that must notice. */
const broken: readonly (readonly [name: string, group: string, alter: Break])[] = [
  [
    'moves from wherever it stands',
    'checkpoints',
    ({ writer }) => ({
      writer: altered(writer, {
        advance: async (readModel, from, to, work) => {
          const at = (await writer.state(readModel))?.position ?? from;
          return writer.advance(readModel, at, to, work);
        },
      }),
    }),
  ],
  [
    'keeps what a failed transaction wrote',
    'checkpoints',
    ({ writer }) => ({
      writer: altered(writer, {
        advance: async (readModel, from, to, work) => {
          let failure: unknown;
          await writer.advance(readModel, from, to, async (transaction) => {
            await Promise.resolve(work(transaction)).catch((error: unknown) => {
              failure = error;
            });
          });
          if (failure !== undefined) throw failure;
        },
      }),
    }),
  ],
  [
    'forgets failures',
    'checkpoints',
    ({ writer }) => ({ writer: altered(writer, { setFailure: async () => undefined }) }),
  ],
  ['resets nothing', 'checkpoints', ({ writer }) => ({ writer: altered(writer, { reset: async () => undefined }) })],
  [
    'lets a build serve that has not got so far',
    'builds',
    ({ writer }) => ({
      writer: altered(writer, {
        serve: async (readModel, build) => {
          const behind = await writer.state(readModel);
          if (behind?.next?.build === build && behind.next.position < behind.position) {
            await writer.advance(readModel, behind.next.position, behind.position, () => undefined, build);
          }
          return writer.serve(readModel, build);
        },
      }),
    }),
  ],
  [
    'moves whichever build there is',
    'builds',
    ({ writer }) => ({
      writer: altered(writer, {
        advance: (readModel, from, to, work) => writer.advance(readModel, from, to, work),
      }),
    }),
  ],
  [
    'drops no replaced tables',
    'builds',
    ({ writer }) => ({ writer: altered(writer, { dropReplaced: async () => true }) }),
  ],
  [
    'builds in the tables that serve',
    'builds',
    ({ writer }) => ({
      writer: altered(writer, {
        beginBuild: async (readModel) => {
          await writer.reset(readModel);
          return writer.prepare(readModel);
        },
      }),
    }),
  ],
  ['drops nothing', 'checkpoints', ({ writer }) => ({ writer: altered(writer, { drop: async () => undefined }) })],
  [
    'inserts over rows that are there',
    'tables',
    writesInstead((changes) => ({ ...changes, inserts: [], upserts: [...changes.inserts, ...changes.upserts] })),
  ],
  ['deletes nothing', 'tables', writesInstead((changes) => ({ ...changes, deletes: [] }))],
  [
    'writes whole rows where columns were named',
    'tables',
    writesInstead((changes) => ({
      ...changes,
      updates: changes.updates.map(({ rows }) => ({
        columns: Object.keys(rows[0] ?? {}).filter((name) => name !== 'id'),
        rows,
      })),
    })),
  ],
  [
    'finds without order',
    'tables',
    ({ writer }) => ({
      writer: altered(writer, {
        advance: (readModel, from, to, work) =>
          writer.advance(readModel, from, to, (transaction) =>
            work(
              altered(transaction, {
                find: async (...args) => [...(await transaction.find(...args))].reverse(),
              }),
            ),
          ),
      }),
    }),
  ],
  [
    'answers with another position',
    'queries',
    ({ reader }) => ({
      reader: altered(reader, {
        snapshot: async (readModel, work) => {
          const seen = await reader.snapshot(readModel, work);
          return { ...seen, position: seen.position + 1 };
        },
      }),
    }),
  ],
  [
    'names no tables',
    'queries',
    ({ reader }) => ({
      reader: altered(reader, {
        snapshot: async (readModel, work) => ({ ...(await reader.snapshot(readModel, work)), tables: [] }),
      }),
    }),
  ],
  [
    'finds everything',
    'search',
    ({ reader }) => ({
      reader: altered(reader, {
        snapshot: (readModel, work) =>
          reader.snapshot(readModel, (db) => work({ ...db, search: (table) => db.search(table, '') })),
      }),
    }),
  ],
];

describe('a read database that', () => {
  it.each(broken)('%s fails the suite, in the cases about %s', async (_, group, alter) => {
    const open = async () => {
      const memory = openMemoryReadDatabase();
      return {
        ...memory,
        ...alter(memory),
        reopen: () => Promise.reject(new Error('Memory is gone.')),
        dispose: () => memory.writer.close(),
      };
    };
    const features = { reopen: { unsupported: 'Memory is gone.' }, typoTolerance: true } as const;
    const failed: string[] = [];
    for (const { name, run } of readDatabaseConformance({ open, features })) {
      await run().catch(() => failed.push(name));
    }
    expect(failed.filter((name) => name.startsWith(`${group}: `))).not.toEqual([]);
  });
});
