import { describe, expect, it } from 'vitest';
import { ReadModelBehindError, ReadModelFailedError } from './querying-errors.js';
import { ReadModelPositions } from './read-model-positions.js';

const failure = { position: 7, eventType: 'Broken', message: 'no', failedAt: '2026-01-01T00:00:00.000Z' };
const noMove = { tables: [], failure: undefined };

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('waiting for a read model', () => {
  it('ends as soon as the read model is there, and no sooner', async () => {
    const positions = new ReadModelPositions([['titles', { position: 3, failure: undefined }]]);
    await positions.waitFor('titles', 3, { timeoutMs: 10_000 });
    const waiting = positions.waitFor('titles', 5, { timeoutMs: 10_000 });
    positions.moved({ readModel: 'titles', position: 4, ...noMove });
    positions.moved({ readModel: 'others', position: 9, ...noMove });
    expect(await isSettled(waiting)).toBe(false);
    positions.moved({ readModel: 'titles', position: 6, ...noMove });
    await waiting;
  });

  it('ends with an error when it takes too long', async () => {
    const positions = new ReadModelPositions([['titles', { position: 3, failure: undefined }]]);
    const late = await positions.waitFor('titles', 5, { timeoutMs: 1 }).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(ReadModelBehindError);
    expect(late).toMatchObject({ code: 'read-model-behind', position: 3, awaited: 5 });
  });

  it('waits as long as it is told to, however long', async () => {
    const positions = new ReadModelPositions([]);
    const waiting = positions.waitFor('titles', 1, { timeoutMs: Number.MAX_SAFE_INTEGER });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await isSettled(waiting)).toBe(false);
    positions.moved({ readModel: 'titles', position: 1, ...noMove });
    await waiting;
  });

  it('ends with an error when the read model has stopped before the position, or stops', async () => {
    const positions = new ReadModelPositions([]);
    const waiting = positions.waitFor('titles', 7, { timeoutMs: 10_000 });
    positions.moved({ readModel: 'titles', position: 6, tables: [], failure });
    await expect(waiting).rejects.toBeInstanceOf(ReadModelFailedError);
    await expect(positions.waitFor('titles', 9, { timeoutMs: 10_000 })).rejects.toMatchObject({ failure });
    await positions.waitFor('titles', 6, { timeoutMs: 10_000 });
  });

  it('ends with the reason of the signal', async () => {
    const positions = new ReadModelPositions([]);
    const abort = new AbortController();
    const waiting = positions.waitFor('titles', 7, { timeoutMs: 10_000, signal: abort.signal });
    const reason = new Error('gone');
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(positions.waitFor('titles', 7, { timeoutMs: 10_000, signal: abort.signal })).rejects.toBe(reason);
  });
});
