import assert from 'node:assert/strict';
import type { ReadDatabaseReader, ReadDatabaseWriter } from '../read-database/read-database.js';
import { BuildGoneError, ReadDatabaseOpenError, ReadModelChangedError } from '../read-database/read-database-errors.js';
import type { ReadDatabaseCaseList } from './read-database-case.js';
import { book, changedSample, changesTo, nextSample, sample, similarSample, thing } from './sample-read-model.js';

const insert = (...ids: string[]) => [changesTo('things', { inserts: ids.map((id) => thing(id)) })];
const failure = { position: 9, eventType: 'Broken', message: 'it broke', failedAt: '2026-03-01T12:00:00.000Z' };

/** A read model that serves, with these things up to a position. */
async function serve(writer: ReadDatabaseWriter, position: number, ...ids: string[]): Promise<void> {
  const { build } = await writer.prepare(sample);
  await writer.advance(sample, 0, position, (transaction) => transaction.write(insert(...ids)));
  assert.equal(await writer.serve(sample, build), true);
}

/** What queries see: the ids of the things, their position, and whether it counts. */
async function seen(reader: ReadDatabaseReader): Promise<unknown[]> {
  const { result, position, isServing } = await reader.snapshot(sample, (db) =>
    db.selectFrom('things').select('id').orderBy('id').execute(),
  );
  return [result.map(({ id }) => id).join(''), position, isServing];
}

const isGone = (error: unknown) => error instanceof BuildGoneError;

export const buildCases: ReadDatabaseCaseList = [
  [
    'the first build serves when it is told to, and not before',
    async ({ writer, reader }) => {
      const { build, isServing } = await writer.prepare(sample);
      assert.deepEqual([build, isServing], [1, false]);
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insert('a')));
      assert.deepEqual(await seen(reader), ['a', 5, false]);
      assert.equal(await writer.serve(sample, 1), true);
      assert.equal(await writer.serve(sample, 1), true);
      assert.deepEqual(await seen(reader), ['a', 5, true]);
      assert.deepEqual((await writer.prepare(sample)).isServing, true);
    },
  ],
  [
    'what is built beside the tables that serve is not seen until it replaces them',
    async ({ writer, reader }) => {
      await serve(writer, 5, 'a', 'b');
      const begun = await writer.beginBuild(sample);
      assert.deepEqual([begun.build, begun.position, begun.isServing, begun.next?.position], [1, 5, true, 0]);
      const next = begun.next!.build;
      await writer.advance(sample, 0, 4, (transaction) => transaction.write(insert('x')), next);
      await writer.advance(sample, 5, 6, (transaction) => transaction.write(insert('c')));
      assert.deepEqual(await seen(reader), ['abc', 6, true]);
      const between = await reader.state(sample);
      assert.deepEqual(
        [between?.build, between?.position, between?.next?.build, between?.next?.position],
        [1, 6, next, 4],
      );

      await writer.advance(sample, 4, 7, (transaction) => transaction.write(insert('y')), next);
      assert.equal(await writer.serve(sample, next), true);
      assert.deepEqual(await seen(reader), ['xy', 7, true]);
      const after = await reader.state(sample);
      assert.deepEqual([after?.build, after?.position, after?.next], [next, 7, undefined]);
      await writer.advance(sample, 7, 8, (transaction) => transaction.write(insert('z')));
      assert.deepEqual(await seen(reader), ['xyz', 8, true]);
    },
  ],
  [
    'a build does not replace what has got farther, so that no answer is older than one before',
    async ({ writer, reader }) => {
      await serve(writer, 5, 'a');
      const next = (await writer.beginBuild(sample)).next!.build;
      await writer.advance(sample, 0, 4, () => undefined, next);
      assert.equal(await writer.serve(sample, next), false);
      assert.deepEqual(await seen(reader), ['a', 5, true]);
      await writer.advance(sample, 4, 5, () => undefined, next);
      assert.equal(await writer.serve(sample, next), true);
      assert.deepEqual(await seen(reader), ['', 5, true]);
    },
  ],
  [
    'a snapshot that was begun before is of the tables from before, to its end',
    async ({ writer, reader }) => {
      await serve(writer, 5, 'a');
      const next = (await writer.beginBuild(sample)).next!.build;
      await writer.advance(sample, 0, 6, (transaction) => transaction.write(insert('b')), next);
      let swapped = Promise.resolve(false);
      let dropped = Promise.resolve(false);
      const before = await reader.snapshot(sample, async (db) => {
        swapped = writer.serve(sample, next).then(() => (dropped = writer.dropReplaced(sample)));
        // Where both sides share one connection they wait for each other.
        await Promise.race([swapped, new Promise((resolve) => setTimeout(resolve, 100))]);
        return db.selectFrom('things').select('id').execute();
      });
      assert.deepEqual([before.result, before.position], [[{ id: 'a' }], 5]);
      await swapped;
      await dropped;
      assert.deepEqual(await seen(reader), ['b', 6, true]);
      assert.equal(await writer.dropReplaced(sample), true);
      assert.deepEqual(await seen(reader), ['b', 6, true]);
    },
  ],
  [
    'replaced tables are there until they are dropped, and nothing else is dropped with them',
    async ({ writer, reader }) => {
      await serve(writer, 5, 'a');
      const tables = async () => (await writer.stored()).flatMap((one) => one.tables).length;
      assert.equal(await tables(), 4);
      assert.equal(await writer.dropReplaced(sample), true);
      const next = (await writer.beginBuild(sample)).next!.build;
      assert.equal(await tables(), 8);
      await writer.advance(sample, 0, 5, () => undefined, next);
      await writer.serve(sample, next);
      assert.equal(await tables(), 8);
      await writer.beginBuild(sample);
      assert.equal(await tables(), 12);
      assert.equal(await writer.dropReplaced(sample), true);
      assert.equal(await tables(), 8);
      assert.deepEqual(await seen(reader), ['', 5, true]);
      await writer.drop(sample.name, sample.version);
      assert.equal(await tables(), 0);
    },
  ],
  [
    'a build that is begun again starts from nothing, and who still worked on the one before changes nothing',
    async ({ writer, reader }) => {
      await serve(writer, 5, 'a');
      const first = (await writer.beginBuild(sample)).next!.build;
      await writer.advance(sample, 0, 3, (transaction) => transaction.write(insert('x')), first);
      const again = await writer.beginBuild(sample);
      const second = again.next!.build;
      assert.ok(second > first);
      assert.equal(again.next?.position, 0);
      await writer.advance(sample, 0, 3, (transaction) => transaction.write(insert('y')), second);
      await assert.rejects(
        writer.advance(sample, 3, 9, (transaction) => transaction.write(insert('stale')), first),
        isGone,
      );
      await assert.rejects(writer.setFailure(sample, failure, first), isGone);
      await assert.rejects(writer.serve(sample, first), isGone);
      await writer.advance(sample, 3, 5, () => undefined, second);
      await writer.serve(sample, second);
      assert.deepEqual(await seen(reader), ['y', 5, true]);
      // Who believes that the tables from before still serve is wrong, too.
      await assert.rejects(
        writer.advance(sample, 5, 6, () => undefined, 1),
        isGone,
      );
    },
  ],
  [
    'a build that stops does not stop what serves, nor the other way round',
    async ({ writer, reader }) => {
      await serve(writer, 5, 'a');
      const next = (await writer.beginBuild(sample)).next!.build;
      await writer.setFailure(sample, failure, next);
      const failed = await reader.state(sample);
      assert.deepEqual([failed?.failure, failed?.next?.failure], [undefined, failure]);
      await writer.setFailure(sample, failure);
      await writer.setFailure(sample, undefined, next);
      const other = await reader.state(sample);
      assert.deepEqual([other?.failure, other?.next?.failure], [failure, undefined]);
      await writer.advance(sample, 0, 10, () => undefined, next);
      await writer.serve(sample, next);
      assert.equal((await reader.state(sample))?.failure, undefined);
    },
  ],
  [
    'search finds what is in the tables that serve, before and after',
    async ({ writer, reader }) => {
      const found = async () => {
        const { result } = await reader.snapshot(sample, (db) => db.search('books', 'emma').select('id').execute());
        return result.map(({ id }) => id);
      };
      await serve(writer, 5);
      await writer.advance(sample, 5, 6, (transaction) =>
        transaction.write([changesTo('books', { inserts: [book('old', 'Emma')] })]),
      );
      assert.deepEqual(await found(), ['old']);
      const next = (await writer.beginBuild(sample)).next!.build;
      await writer.advance(
        sample,
        0,
        6,
        (transaction) => transaction.write([changesTo('books', { inserts: [book('new', 'Emma')] })]),
        next,
      );
      assert.deepEqual(await found(), ['old']);
      await writer.serve(sample, next);
      assert.deepEqual(await found(), ['new']);
      await writer.dropReplaced(sample);
      assert.deepEqual(await found(), ['new']);
    },
  ],
  [
    'tables that were declared otherwise are built beside those that serve, and each declaration sees its own',
    async ({ writer, reader }) => {
      await serve(writer, 5, 'a');
      const begun = await writer.beginBuild(changedSample);
      assert.deepEqual([begun.position, begun.isServing], [0, false]);
      assert.deepEqual([(await writer.state(sample))?.build, (await writer.state(sample))?.next], [1, undefined]);
      assert.equal((await writer.prepare(changedSample)).build, begun.build);
      await assert.rejects(
        writer.advance(sample, 0, 1, () => undefined, begun.build),
        isGone,
      );
      await writer.advance(sample, 5, 6, (transaction) => transaction.write(insert('b')));
      assert.deepEqual(await seen(reader), ['ab', 6, true]);
      await writer.advance(changedSample, 0, 6, (transaction) =>
        transaction.write([changesTo('things', { inserts: [{ id: 'a', count: 0.5 }] })]),
      );
      await writer.serve(changedSample, begun.build);
      const after = await reader.snapshot(changedSample, (db) => db.selectFrom('things').selectAll().execute());
      assert.deepEqual([after.result, after.position, after.isServing], [[{ id: 'a', count: 0.5 }], 6, true]);
      await assert.rejects(seen(reader), (error) => error instanceof ReadDatabaseOpenError);
      await assert.rejects(writer.prepare(sample), (error) => error instanceof ReadModelChangedError);
    },
  ],
  [
    'builds of different versions and read models do not mix',
    async ({ writer, reader }) => {
      await serve(writer, 5, 'a');
      for (const model of [nextSample, similarSample]) await writer.prepare(model);
      const next = (await writer.beginBuild(sample)).next!.build;
      await writer.advance(nextSample, 0, 2, (transaction) => transaction.write(insert('n')));
      await writer.advance(similarSample, 0, 3, (transaction) => transaction.write(insert('s')));
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insert('b')), next);
      await writer.serve(sample, next);
      await writer.dropReplaced(sample);
      const standing = (await writer.stored()).map((one) => [
        one.name,
        one.version,
        one.build,
        one.position,
        one.isServing,
      ]);
      assert.deepEqual(standing, [
        [sample.name, 1, next, 5, true],
        [sample.name, 2, 1, 2, false],
        [similarSample.name, 1, 1, 3, false],
      ]);
      assert.deepEqual(await seen(reader), ['b', 5, true]);
    },
  ],
  [
    'of many who let a build serve, one replaces, and all see it done',
    async ({ writer, reader }) => {
      await serve(writer, 5, 'a');
      const next = (await writer.beginBuild(sample)).next!.build;
      await writer.advance(sample, 0, 5, (transaction) => transaction.write(insert('b')), next);
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => writer.serve(sample, next)));
      assert.deepEqual(new Set(outcomes), new Set([true]));
      await Promise.all(Array.from({ length: 4 }, () => writer.dropReplaced(sample)));
      assert.deepEqual(await seen(reader), ['b', 5, true]);
    },
  ],
  [
    'a build goes on where it was when the database is opened again',
    async ({ writer, reopen, features }) => {
      await serve(writer, 5, 'a');
      const next = (await writer.beginBuild(sample)).next!.build;
      await writer.advance(sample, 0, 3, (transaction) => transaction.write(insert('b')), next);
      if (features.reopen !== true) return assert.rejects(reopen());
      const again = await reopen();
      const state = await again.writer.prepare(sample);
      assert.deepEqual([state.build, state.position, state.next?.build, state.next?.position], [1, 5, next, 3]);
      assert.deepEqual(await seen(again.reader), ['a', 5, true]);
      await again.writer.advance(sample, 3, 5, (transaction) => transaction.write(insert('c')), next);
      await again.writer.serve(sample, next);
      assert.deepEqual(await seen(again.reader), ['bc', 5, true]);
    },
  ],
];
