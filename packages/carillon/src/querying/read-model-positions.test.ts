import { describe, expect, it } from 'vitest';
import { serving } from '../../test-support/read-model-state.js';
import { ReadModelBehindError, ReadModelFailedError } from './querying-errors.js';
import { ReadModelPositions } from './read-model-positions.js';

const failure = { position: 7, eventType: 'Broken', message: 'no', failedAt: '2026-01-01T00:00:00.000Z' };
const at = (readModel: string, position: number) => ({ readModel, tables: [], ...serving(position) });

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('waiting for a read model', () => {
  it('ends as soon as the read model is there, and no sooner', async () => {
    const positions = new ReadModelPositions([['titles', serving(3)]]);
    await positions.waitFor('titles', 3, { timeoutMs: 10_000 });
    const waiting = positions.waitFor('titles', 5, { timeoutMs: 10_000 });
    positions.moved(at('titles', 4));
    positions.moved(at('others', 9));
    expect(await isSettled(waiting)).toBe(false);
    positions.moved(at('titles', 6));
    await waiting;
  });

  it('ends with an error when it takes too long', async () => {
    const positions = new ReadModelPositions([['titles', serving(3)]]);
    const late = await positions.waitFor('titles', 5, { timeoutMs: 1 }).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(ReadModelBehindError);
    expect(late).toMatchObject({ code: 'read-model-behind', position: 3, awaited: 5 });
  });

  it('waits as long as it is told to, however long', async () => {
    const positions = new ReadModelPositions([]);
    const waiting = positions.waitFor('titles', 1, { timeoutMs: Number.MAX_SAFE_INTEGER });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await isSettled(waiting)).toBe(false);
    positions.moved(at('titles', 1));
    await waiting;
  });

  it('ends with an error when the read model has stopped before the position, or stops', async () => {
    const positions = new ReadModelPositions([]);
    const waiting = positions.waitFor('titles', 7, { timeoutMs: 10_000 });
    positions.moved({ ...at('titles', 6), failure });
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

describe('waiting for a read model that is built for the first time', () => {
  const building = (position: number) => ({ ...at('titles', position), isServing: false });

  it('ends when it has caught up, however far it got before', async () => {
    const positions = new ReadModelPositions([]);
    const waiting = positions.waitUntilServing('titles', { timeoutMs: 10_000 });
    positions.moved(building(5));
    expect(await isSettled(waiting)).toBe(false);
    positions.moved(at('titles', 5));
    await waiting;
    await positions.waitUntilServing('titles', { timeoutMs: 0 });
  });

  it('ends with an error when it takes too long, or stops', async () => {
    const positions = new ReadModelPositions([]);
    positions.moved(building(5));
    await expect(positions.waitUntilServing('titles', { timeoutMs: 1 })).rejects.toMatchObject({
      code: 'read-model-building',
      position: 5,
    });
    positions.moved({ ...building(5), failure });
    await expect(positions.waitUntilServing('titles', { timeoutMs: 1 })).rejects.toMatchObject({ failure });
  });
});
