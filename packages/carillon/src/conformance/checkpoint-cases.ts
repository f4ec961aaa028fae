import assert from 'node:assert/strict';
import type { ReadModelState } from '../read-database/read-database.js';
import { CheckpointMovedError, ReadModelChangedError, RowExistsError } from '../read-database/read-database-errors.js';
import type { ReadDatabaseCaseList } from './read-database-case.js';
import { changedSample, changesTo, nextSample, sample, similarSample, thing } from './sample-read-model.js';

const insertA = [changesTo('things', { inserts: [thing('a')] })];
const failure = { position: 6, eventType: 'Broken', message: 'it broke', failedAt: '2026-03-01T12:00:00.000Z' };

/** Where the first build of a read model stands that has not caught up. */
function stands(state: ReadModelState | undefined, at: Pick<ReadModelState, 'position' | 'failure'>): void {
  const { begunAt, ...rest } = state!;
  assert.ok(Number.isFinite(Date.parse(begunAt)), begunAt);
  assert.deepEqual(rest, { build: 1, isServing: false, next: undefined, ...at });
}

export const checkpointCases: ReadDatabaseCaseList = [
  [
    'a new read model stands at 0, and one that was prepared before where it was left',
    async ({ writer, reader }) => {
      assert.equal(await writer.state(sample), undefined);
      stands(await writer.prepare(sample), { position: 0, failure: undefined });
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insertA));
      stands(await writer.prepare(sample), { position: 5, failure: undefined });
      stands(await writer.state(sample), { position: 5, failure: undefined });
      stands(await reader.state(sample), { position: 5, failure: undefined });
    },
  ],
  [
    'rows and checkpoint move together',
    async ({ writer, reader }) => {
      await writer.prepare(sample);
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insertA));
      const seen = await reader.snapshot(sample, (db) => db.selectFrom('things').select('id').execute());
      assert.deepEqual(seen, { result: [{ id: 'a' }], position: 5, isServing: false, tables: ['things'] });
    },
  ],
  [
    'nothing is kept of a transaction that fails, whether it fails at once or later',
    async ({ writer, reader }) => {
      await writer.prepare(sample);
      const fail = (error: Error) => {
        throw error;
      };
      const works = [
        () => fail(new Error('thrown')),
        async () => {
          await new Promise((resolve) => setImmediate(resolve));
          fail(new Error('thrown'));
        },
      ];
      for (const work of works) {
        const advancing = writer.advance(sample, 0, 5, async (transaction) => {
          await transaction.write(insertA);
          await work();
        });
        await assert.rejects(advancing, /^Error: thrown$/);
        const seen = await reader.snapshot(sample, (db) => db.selectFrom('things').select('id').execute());
        assert.deepEqual([seen.result, seen.position], [[], 0]);
      }
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insertA));
    },
  ],
  [
    'who is wrong about the checkpoint changes nothing',
    async ({ writer, reader }) => {
      await writer.prepare(sample);
      await writer.advance(sample, 0, 5, () => undefined);
      for (const from of [0, 4, 6]) {
        const advancing = writer.advance(sample, from, 9, (transaction) => transaction.write(insertA));
        await assert.rejects(advancing, (error: CheckpointMovedError) => {
          assert.ok(error instanceof CheckpointMovedError);
          assert.deepEqual([error.code, error.expected, error.found], ['checkpoint-moved', from, 5]);
          return true;
        });
      }
      const seen = await reader.snapshot(sample, (db) => db.selectFrom('things').selectAll().execute());
      assert.deepEqual([seen.result, seen.position], [[], 5]);
    },
  ],
  [
    'of many who move it from the same position, one does',
    async ({ writer }) => {
      await writer.prepare(sample);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) =>
          writer.advance(sample, 0, i + 1, async (transaction) => {
            await new Promise((resolve) => setImmediate(resolve));
            await transaction.write([changesTo('things', { inserts: [thing(`t${i}`)] })]);
          }),
        ),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    },
  ],
  [
    'transactions of different read models do not mix',
    async ({ writer, reader }) => {
      await writer.prepare(sample);
      await writer.prepare(similarSample);
      const models = [sample, similarSample];
      await Promise.all(
        models.map((model) =>
          writer.advance(model, 0, 3, async (transaction) => {
            await transaction.write(insertA);
            await new Promise((resolve) => setImmediate(resolve));
            if (model === similarSample) throw new Error('thrown');
          }),
        ),
      ).catch(() => undefined);
      const positions = await Promise.all(
        models.map(async (model) => {
          const seen = await reader.snapshot(model, (db) => db.selectFrom('things').select('id').execute());
          return [seen.result.length, seen.position];
        }),
      );
      assert.deepEqual(positions, [
        [1, 3],
        [0, 0],
      ]);
    },
  ],
  [
    'a failure is kept until the read model goes on, and who comes too late with one is refused',
    async ({ writer, reader }) => {
      await writer.prepare(sample);
      await writer.advance(sample, 0, 5, () => undefined);
      await writer.setFailure(sample, failure);
      stands(await reader.state(sample), { position: 5, failure });
      stands(await writer.prepare(sample), { position: 5, failure });
      await writer.setFailure(sample, undefined);
      await writer.advance(sample, 5, 6, () => undefined);
      const late = writer.setFailure(sample, failure);
      await assert.rejects(late, (error: CheckpointMovedError) => error.code === 'checkpoint-moved');
      stands(await reader.state(sample), { position: 6, failure: undefined });
    },
  ],
  [
    'a reset empties the tables and puts the checkpoint to 0',
    async ({ writer, reader }) => {
      await writer.prepare(sample);
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insertA));
      await writer.setFailure(sample, failure);
      await writer.reset(sample);
      const seen = await reader.snapshot(sample, (db) => db.selectFrom('things').select('id').execute());
      assert.deepEqual([seen.result, seen.position], [[], 0]);
      const state = await writer.prepare(sample);
      assert.deepEqual([state.position, state.failure, state.isServing], [0, undefined, false]);
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insertA));
    },
  ],
  [
    'other tables under the same name and version are refused, until the read model is reset',
    async ({ writer, reader }) => {
      await writer.prepare(sample);
      await assert.rejects(writer.prepare(changedSample), (error: ReadModelChangedError) => {
        assert.ok(error instanceof ReadModelChangedError);
        assert.match(error.message, /Raise its version to 2, or rebuild it/);
        return true;
      });
      await writer.reset(changedSample);
      await writer.advance(changedSample, 0, 1, (transaction) =>
        transaction.write([changesTo('things', { inserts: [{ id: 'a', count: 0.5 }] })]),
      );
      const seen = await reader.snapshot(changedSample, (db) => db.selectFrom('things').selectAll().execute());
      assert.deepEqual(seen.result, [{ id: 'a', count: 0.5 }]);
    },
  ],
  [
    'versions of a read model stand side by side until one is dropped',
    async ({ writer, reader }) => {
      for (const model of [sample, nextSample, similarSample]) await writer.prepare(model);
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insertA));
      await writer.advance(nextSample, 0, 2, () => undefined);
      const { name } = sample;
      const states = async () =>
        (await writer.stored()).map((one) => [one.name, one.version, one.position, one.tables.length]);
      assert.deepEqual(await states(), [
        [name, 1, 5, 4],
        [name, 2, 2, 2],
        [similarSample.name, 1, 0, 2],
      ]);
      const physical = (await writer.stored()).flatMap(({ tables }) => tables);
      assert.equal(new Set(physical.map((table) => table.toLowerCase())).size, 8);
      await writer.drop(name, 2);
      await writer.drop('nobody', 7);
      assert.deepEqual(await states(), [
        [name, 1, 5, 4],
        [similarSample.name, 1, 0, 2],
      ]);
      assert.equal((await reader.snapshot(sample, (db) => db.selectFrom('things').select('id').execute())).position, 5);
      assert.equal(await reader.state(nextSample), undefined);
    },
  ],
  [
    'what was committed is there after it is opened again',
    async ({ writer, features, reopen }) => {
      await writer.prepare(sample);
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insertA));
      await writer.setFailure(sample, failure);
      if (features.reopen !== true) return assert.rejects(reopen());
      const again = await reopen();
      stands(await again.writer.prepare(sample), { position: 5, failure });
      const inserting = again.writer.advance(sample, 5, 6, (transaction) => transaction.write(insertA));
      await assert.rejects(inserting, RowExistsError);
    },
  ],
];
